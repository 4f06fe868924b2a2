"""How fast user tasks are completed, beside two yardsticks in the same run: `make bench`."""
