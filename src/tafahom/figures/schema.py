"""The columns of the facts and of the answers to a question about them."""

# Columns of a fact row and their types in Ibis. See figures.facts for what they mean.
FACTS: dict[str, str] = {
    "province": "int32",
    "county": "int32",
    "agreement": "int32",
    "level": "string",
    "partner": "int32",
    "partner_kind": "int32",
    "centre": "int32",
    "centre_type": "int32",
    "standard": "int32",
    "cluster": "int32",
    "course": "int64",
    "enrolment": "int64",
    "person": "int64",
    "audience": "int32",
    "gender": "string",
    "education": "string",
    "education_name": "string",
    "age_band": "string",
    "end_month": "int32",
    "start_month": "int32",
    "session_month": "int32",
    "attended_minutes": "int64",
    "planned_minutes": "int64",
    "standard_minutes": "int64",
    "weight": "int8",
    "sat": "int8",
    "passed": "int8",
    "certified": "int8",
}

# What every question is answered with, in this order; each is an expression in ``measures``.
MEASURE_COLUMNS = (
    "persons",
    "person_courses",
    "person_minutes",
    "courses",
    "standards",
    "partners",
    "agreements",
    "centres",
    "sat",
    "passed",
    "certified",
    "enrolled_persons",
)

# What disclosure control looks at, in the order of ``disclosure.slices.Enrolments``.
ENROLMENT_COLUMNS = (
    "province",
    "agreement",
    "partner",
    "level",
    "partner_kind",
    "centre",
    "centre_type",
    "county",
    "gender",
    "education",
    "age_band",
    "end_month",
    "person",
)
