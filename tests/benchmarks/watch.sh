# Read by every bash that Snakemake starts, when BASH_ENV names this file: a rule's job is run again under watch.py, which
# measures it with all it starts. GMS_USAGE is the table to write, GMS_PYTHON the Python of the environment.
if [[ ${BASH_EXECUTION_STRING:-} =~ logs/[a-z0-9_]+/|\.snakemake/scripts/ ]]; then
    unset BASH_ENV
    exec "$GMS_PYTHON" "${BASH_SOURCE[0]%.sh}.py" "$GMS_USAGE" "$BASH_EXECUTION_STRING"
fi
