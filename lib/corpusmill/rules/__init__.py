"""Rules: bounds on signals as a recipe states them, compiled once to Spark columns and once to Arrow arrays."""
