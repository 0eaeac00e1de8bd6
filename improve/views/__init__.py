"""One frozen view model per page: everything that a page, a file or the command line shows."""
