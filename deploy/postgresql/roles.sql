-- As the server's superuser, once; then write the two passwords into the .env files.
CREATE ROLE tafahom_owner LOGIN CREATEDB PASSWORD 'OWNER-PASSWORD';  -- CREATEDB for `backup --drill` alone
CREATE ROLE tafahom_service LOGIN PASSWORD 'SERVICE-PASSWORD';
CREATE DATABASE tafahom OWNER tafahom_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
