package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** scripts/fetch-model against a server on this machine. */
class FetchModelTest {
    private static final String NAME = "vosk-model-small-de-0.15";

    @TempDir Path into;

    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private byte[] zip = {};
    private HttpServer server;
    private boolean goesOn = true;

    FetchModelTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    private record Run(int exit, String said) {}

    @BeforeEach
    void serve() throws IOException {
        // scripts/test installs it; without it there is nothing to test.
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "curl is not installed");
        var out = new ByteArrayOutputStream();
        try (var archive = new ZipOutputStream(out)) {
            archive.putNextEntry(new ZipEntry(NAME + "/am/final.mdl"));
            byte[] model = new byte[300_000];
            new Random(1).nextBytes(model);
            archive.write(model);
        }
        zip = out.toByteArray();
        server.createContext("/model.zip", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aModelIsFetchedCheckedAndUnpackedAndTheConfigurationTold() throws Exception {
        Run run = fetch(url(), sha256());
        assertThat(run.said()).contains("models: {de: " + into + "/" + NAME + "}");
        assertThat(run.exit()).isZero();
        assertThat(into.resolve(NAME + "/am/final.mdl")).hasSize(300_000);
        try (var left = Files.list(into)) {
            assertThat(left).containsExactly(into.resolve(NAME));
        }
        assertThat(fetch(url(), sha256()).said()).contains("already here");
    }

    @Test
    void aDownloadThatBrokeOffGoesOnWhereItStopped() throws Exception {
        Files.write(into.resolve(NAME + ".zip.part"), Arrays.copyOf(zip, 100_000));
        Run run = fetch(url(), sha256());
        assertThat(run.said()).contains("Going on").contains("100000 bytes");
        assertThat(run.exit()).isZero();
        assertThat(ranges).containsExactly("bytes=100000-");
        assertThat(into.resolve(NAME + "/am/final.mdl")).exists();
    }

    @Test
    void aServerThatCannotGoOnIsAskedForAllOfIt() throws Exception {
        goesOn = false;
        Files.write(into.resolve(NAME + ".zip.part"), Arrays.copyOf(zip, 100_000));
        assertThat(fetch(url(), sha256()).exit()).isZero();
        assertThat(into.resolve(NAME + "/am/final.mdl")).exists();
    }

    @Test
    void aFileBroughtAnotherWayIsTakenWithoutTheNetwork() throws Exception {
        Files.write(into.resolve(NAME + ".zip.part"), zip);
        server.stop(0);
        assertThat(fetch(url(), sha256()).exit()).isZero();
        assertThat(ranges).isEmpty();
    }

    @Test
    void somethingElseIsRefusedAndDeleted() throws Exception {
        Run run = fetch(url(), "0".repeat(64));
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.said()).contains("not the model that is expected");
        assertThat(into).isEmptyDirectory();
    }

    @Test
    void aClosedNetworkIsToldAsSuchWithWhatToDo() throws Exception {
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        Run run = fetch("http://127.0.0.1:" + closed + "/model.zip", sha256());
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.said())
                .contains("network is closed")
                .contains("Run the same again")
                .contains("bundled model");
    }

    @Test
    void anUnknownLanguageGetsTheUsage() throws Exception {
        Run run = run("fr");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.said()).contains("Usage: scripts/fetch-model de|en");
    }

    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = 0;
        if (range != null) {
            ranges.add(range);
            from = goesOn ? Integer.parseInt(range.replaceAll("\\D+", "")) : 0;
        }
        byte[] body = Arrays.copyOfRange(zip, from, zip.length);
        if (from > 0) {
            exchange.getResponseHeaders()
                    .add(
                            "Content-Range",
                            "bytes " + from + "-" + (zip.length - 1) + "/" + zip.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/model.zip";
    }

    private String sha256() throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(zip));
    }

    private Run fetch(String url, String sum) throws Exception {
        return run("de", "--from", url, "--sha256", sum, "--into", into.toString());
    }

    private static Run run(String... args) throws Exception {
        var command = new java.util.ArrayList<String>();
        command.add(Utterances.ROOT.resolve("scripts/fetch-model").toString());
        command.addAll(List.of(args));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("no_proxy", "127.0.0.1");
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), said);
    }
}
