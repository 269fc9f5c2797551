-platform = Huifa
hello = Hello { $name }, this is { -platform }.
bye = Good bye.
