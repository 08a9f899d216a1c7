"""The map of the house: floors, rooms, their purpose and what they import, read from the code."""
