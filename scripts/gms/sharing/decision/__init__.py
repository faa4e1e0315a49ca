"""Sharing: what may leave the centre, for which study, to whom, whose data, under which pseudonyms."""
