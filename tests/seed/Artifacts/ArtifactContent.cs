using KubectlMlopsBackup.Seed.Model;

namespace KubectlMlopsBackup.Seed.Artifacts;

/// <summary>
/// The bytes of an artifact, from the plan's entry alone. Texts begin with an id of 32 digits, so that only planned copies
/// are equal; they are cut to the planned size, which leaves JSON whole from about 200 bytes on.
/// </summary>
internal static class ArtifactContent
{
    private static ReadOnlySpan<byte> PngHead => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R'];

    private static ReadOnlySpan<byte> PickleHead => [0x80, 4, 0x95];

    /// <summary>The generator of a file's bytes: the same for an original and its copies.</summary>
    public static Xoshiro Random(Catalog catalog, ArtifactFile file) => new(Mix.Of(catalog.Seed, 'f', file.Source));

    /// <summary>Fills <paramref name="target"/>, of the file's size, with a small file.</summary>
    public static void Fill(Catalog catalog, ArtifactFile file, Span<byte> target)
    {
        var random = Random(catalog, file);
        switch (file.Kind)
        {
            case ArtifactKind.LossPlot or ArtifactKind.MatrixPlot:
                Binary(PngHead, ref random, target);
                return;
            case ArtifactKind.Pickle:
                Binary(PickleHead, ref random, target);
                return;
            case ArtifactKind.Weights:
                random.Fill(target);
                return;
        }

        var id = Mix.Hex(catalog.Seed, 'i', file.Source);
        var text = new TextFill(target);
        switch (file.Kind)
        {
            case ArtifactKind.Metrics or ArtifactKind.Sample:
                MetricsText(ref text, id, ref random);
                break;
            case ArtifactKind.MlModel:
                MlModelText(ref text, id, ref random);
                break;
            case ArtifactKind.Conda:
                CondaText(ref text, id, ref random);
                break;
            case ArtifactKind.PythonEnv or ArtifactKind.Requirements:
                RequirementsText(ref text, id, file.Kind, ref random);
                break;
            case ArtifactKind.Dataset:
                CsvText(ref text, id, ref random);
                break;
            case ArtifactKind.Trace:
                TraceText(ref text, id, ref random);
                break;
        }

        text.Finish();
    }

    private static void Binary(ReadOnlySpan<byte> head, ref Xoshiro random, Span<byte> target)
    {
        random.Fill(target);
        head[..Math.Min(head.Length, target.Length)].CopyTo(target);
    }

    private static void MetricsText(ref TextFill text, string id, ref Xoshiro random)
    {
        text.Add($"{{\"id\": \"{id}\", \"history\": [\n");
        var loss = 2.5;
        for (var step = 0; text.Left > 140; step++)
        {
            loss *= 0.99 + (Mix.Unit(random.Next()) * 0.015);
            text.Add(step == 0 ? "  {\"step\": "u8 : ",\n  {\"step\": "u8);
            text.Add(step);
            text.Add(", \"train_loss\": "u8);
            text.Add(loss);
            text.Add(", \"val_loss\": "u8);
            text.Add(loss * 1.1);
            text.Add(", \"val_accuracy\": "u8);
            text.Add(1 / (1 + loss));
            text.Add("}"u8);
        }

        text.Add("\n]}\n"u8);
    }

    private static void MlModelText(ref TextFill text, string id, ref Xoshiro random)
    {
        text.Add($"run_id: {id}\nartifact_path: model\nflavors:\n  python_function:\n    env:\n      conda: conda.yaml\n      virtualenv: python_env.yaml\n");
        text.Add("    loader_module: mlflow.sklearn\n    model_path: model.pkl\n    python_version: 3.11.9\n"u8);
        text.Add("  sklearn:\n    pickled_model: model.pkl\n    serialization_format: cloudpickle\nmlflow_version: 3.8.0\nsignature:\n  inputs: '["u8);
        for (var i = 0; text.Left > 90; i++)
        {
            text.Add(i == 0 ? "{\"type\": \""u8 : ", {\"type\": \""u8);
            text.Add(random.Below(3) == 0 ? "long"u8 : "double"u8);
            text.Add("\", \"name\": \"feature_"u8);
            text.Add(i);
            text.Add("\", \"required\": true}"u8);
        }

        text.Add("]'\n"u8);
    }

    private static void CondaText(ref TextFill text, string id, ref Xoshiro random)
    {
        text.Add($"# {id}\nname: mlflow-env\nchannels:\n- conda-forge\ndependencies:\n- python=3.11.9\n- pip<=24.0\n- pip:\n");
        while (text.Left > 48)
        {
            text.Add("  - "u8);
            Pin(ref text, ref random);
        }
    }

    private static void RequirementsText(ref TextFill text, string id, ArtifactKind kind, ref Xoshiro random)
    {
        text.Add($"# {id}\n");
        if (kind == ArtifactKind.PythonEnv)
        {
            text.Add("python: 3.11.9\nbuild_dependencies:\n- pip==24.0\n- setuptools\n- wheel\ndependencies:\n- -r requirements.txt\n"u8);
        }

        while (text.Left > 48)
        {
            text.Add(kind == ArtifactKind.PythonEnv ? "# "u8 : ""u8);
            Pin(ref text, ref random);
        }
    }

    private static void Pin(ref TextFill text, ref Xoshiro random)
    {
        text.Add(Words.Packages[random.Below(Words.Packages.Count)]);
        text.Add("=="u8);
        text.Add(random.Below(4));
        text.Add("."u8);
        text.Add(random.Below(30));
        text.Add("."u8);
        text.Add(random.Below(12));
        text.Add("\n"u8);
    }

    private static void CsvText(ref TextFill text, string id, ref Xoshiro random)
    {
        text.Add($"# {id}\ncustomer,age,tenure,monthly_charge,churned\n");
        for (var row = 1; text.Left > 48; row++)
        {
            text.Add(row);
            text.Add(","u8);
            text.Add(18 + random.Below(70));
            text.Add(","u8);
            text.Add(random.Below(120));
            text.Add(","u8);
            text.Add(random.Below(20_000) / 100.0);
            text.Add(random.Below(5) == 0 ? ",1\n"u8 : ",0\n"u8);
        }
    }

    private static void TraceText(ref TextFill text, string id, ref Xoshiro random)
    {
        text.Add($"{{\"trace\": \"{id}\", \"spans\": [\n");
        for (var span = 0; text.Left > 190; span++)
        {
            text.Add(span == 0 ? "  {\"name\": \"step_"u8 : ",\n  {\"name\": \"step_"u8);
            text.Add(span);
            text.Add($"\", \"span_id\": \"{random.Next():x16}\", \"status\": \"OK\", \"attributes\": {{\"mlflow.spanType\": \"CHAIN\", \"tokens\": ");
            text.Add(random.Below(4096));
            text.Add(", \"latency_ms\": "u8);
            text.Add(random.Below(900));
            text.Add("}}"u8);
        }

        text.Add("\n]}\n"u8);
    }
}
