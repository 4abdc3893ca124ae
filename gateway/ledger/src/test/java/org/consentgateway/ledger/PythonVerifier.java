package org.consentgateway.ledger;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Confined to one test. {@code scripts/consent_ledger_verify.py}, started once for all that it is
 * asked.
 */
final class PythonVerifier implements AutoCloseable {
    static final Path SCRIPT =
            Path.of(
                    System.getProperty("project.root", "../.."),
                    "scripts/consent_ledger_verify.py");

    /** A line of JSON in, the exit code and what was said out. */
    private static final String ASKED_ON =
            """
            import contextlib, importlib.util, io, json, sys
            sys.dont_write_bytecode = True
            of = importlib.util.spec_from_file_location('verifier', sys.argv[1])
            verifier = importlib.util.module_from_spec(of)
            of.loader.exec_module(verifier)
            for line in sys.stdin:
                sys.argv[1:] = json.loads(line)
                said = io.StringIO()
                with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                    try:
                        code = verifier.main()
                    except SystemExit as e:
                        code = e.code
                    except BaseException as e:
                        code = 'it fell over: ' + repr(e)
                print(json.dumps([code, said.getvalue()]), flush=True)
            """;

    /**
     * @param code of the process, as it would end
     */
    record Outcome(int code, String said) {}

    private final Process process;
    private final PrintWriter in;
    private final BufferedReader out;

    PythonVerifier() throws IOException {
        process =
                new ProcessBuilder("python3", "-c", ASKED_ON, SCRIPT.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        in =
                new PrintWriter(
                        new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8),
                        true);
        out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    Outcome run(Object... arguments) throws IOException {
        List<String> words = Stream.of(arguments).map(Object::toString).toList();
        in.println(Records.JSON.writeValueAsString(words));
        String answer = out.readLine();
        if (answer == null) {
            throw new IOException("the Python verifier has ended");
        }
        var outcome = Records.JSON.readTree(answer);
        if (!outcome.path(0).isInt()) {
            throw new IOException(words + ": " + outcome.path(0).asText());
        }
        return new Outcome(outcome.path(0).asInt(), outcome.path(1).asText());
    }

    /** It ends where nothing is asked any more. */
    @Override
    public void close() {
        in.close();
        process.onExit()
                .orTimeout(10, TimeUnit.SECONDS)
                .exceptionally(_ -> process.destroyForcibly())
                .join();
    }
}
