using TiFerry.Dm.Control;

return await Dmctl.RunProcessAsync(args);
