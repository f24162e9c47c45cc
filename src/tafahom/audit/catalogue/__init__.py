"""What guards the records inside the database, and whether it still is what was put up.

Triggers, functions and policies are values here (``objects``): one value makes the statement that
puts a guard up and is what the database's own catalogue is compared with, so that the two cannot
drift apart. Conditions stand in the bodies of functions, which PostgreSQL keeps to the letter,
whatever its version; how it prints a condition of a trigger differs.

Modules that put guards up say which (``wanted``); ``comparing.flaws`` tells what is missing,
changed or strange.
"""
