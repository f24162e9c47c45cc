"""A believable year of a directorate, made up: people, courses and rosters that never were."""
