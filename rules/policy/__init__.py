"""What a list asks for: sections, form, cap, thresholds, severities."""
