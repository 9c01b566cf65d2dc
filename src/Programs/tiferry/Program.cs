using TiFerry.Programs.Ferry.Arguments;

ProcessArguments.HidePasswords(args);
return await FerryCommandLine.RunAsync(args);
