"""One module for each screen. Screens talk to the library through the session alone, and know no kind."""
