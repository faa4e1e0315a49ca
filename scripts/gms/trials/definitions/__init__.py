"""Trial definitions as data: YAML with a schema, CTML of other systems, OncoTree, units of laboratory tests."""
