var builder = WebApplication.CreateEmptyBuilder(new());
var app = builder.Build();
app.Run();
