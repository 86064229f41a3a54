"""What can be seen only across several versions of a badge."""
