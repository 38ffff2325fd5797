namespace KubectlMlopsBackup.Seed.Model;

/// <summary>Small vocabularies, so that names and texts compress as real ones do.</summary>
internal static class Words
{
    private static readonly string[] Adjectives =
        ["amber", "bold", "calm", "deep", "eager", "fast", "gentle", "hidden", "icy", "jolly", "kind", "lucky", "mellow", "nimble", "quiet", "rapid"];

    private static readonly string[] Nouns =
        ["ape", "bird", "carp", "deer", "elk", "finch", "goat", "hare", "ibis", "jay", "koi", "lynx", "mole", "newt", "owl", "pike"];

    private static readonly string[] PackageNames =
        [
            "mlflow", "numpy", "pandas", "scikit-learn", "torch", "transformers", "xgboost", "lightgbm", "scipy", "cloudpickle",
            "pyarrow", "sqlalchemy", "requests", "tqdm", "joblib", "safetensors", "tokenizers", "datasets", "matplotlib", "pyyaml",
        ];

    private static readonly string[] ParamNames =
        ["batch_size", "dropout", "epochs", "hidden_size", "learning_rate", "max_depth", "n_estimators", "optimizer", "seed", "weight_decay"];

    private static readonly string[] Users = ["ana", "boris", "chen", "dipa", "elif"];

    public static IReadOnlyList<string> Packages => PackageNames;

    public static IReadOnlyList<string> Params => ParamNames;

    public static string Adjective(ulong value) => Pick(Adjectives, value);

    public static string Noun(ulong value) => Pick(Nouns, value);

    public static string User(ulong value) => Pick(Users, value);

    private static string Pick(string[] from, ulong value) => from[Mix.Below(value, from.Length)];
}
