"""The ring trial: whether the results folders of several centres give one answer to the same cases."""
