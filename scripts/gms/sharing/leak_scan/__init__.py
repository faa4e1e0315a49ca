"""The leak scanner: looks through a final, decrypted package for what must not leave the centre.

What it finds never holds a value; that it finds nothing is the proof that a package may go to its approver.
"""
