print("bidual")
