package org.consentgateway.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A form in parts, as a browser sends files, of which only the beginning ever comes. */
public final class UnfinishedForm {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int SENT = 200_000;

    private UnfinishedForm() {}

    /**
     * What became of it.
     *
     * @param answer its first line; empty where none came while the rest was still to come
     * @param files in the directory for temporary files that were not there before
     */
    public record Outcome(String answer, Set<Path> files) {}

    public static Outcome to(int port, String path) throws IOException {
        Set<Path> before = parts();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            String beginning =
                    """
                    --b\r
                    Content-Disposition: form-data; name="code"; filename="a"\r
                    Content-Type: text/plain\r
                    \r
                    """
                            + "x".repeat(SENT);
            String head =
                    """
                    POST %s HTTP/1.1\r
                    Host: localhost:%d\r
                    Sec-Fetch-Site: same-origin\r
                    Content-Type: multipart/form-data; boundary=b\r
                    Content-Length: %d\r
                    \r
                    """
                            .formatted(path, port, 10 * SENT);
            String answer = "";
            try {
                socket.getOutputStream()
                        .write((head + beginning).getBytes(StandardCharsets.US_ASCII));
                answer = line(socket);
            } catch (IOException silent) {
                // it waits for the rest
            }
            Set<Path> now = parts();
            now.removeAll(before);
            return new Outcome(answer, now);
        }
    }

    private static String line(Socket socket) throws IOException {
        var line = new StringBuilder();
        for (int octet = socket.getInputStream().read();
                octet >= 0 && octet != '\r';
                octet = socket.getInputStream().read()) {
            line.append((char) octet);
        }
        return line.toString();
    }

    /** Named so by Jetty. */
    private static Set<Path> parts() {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(each -> each.getFileName().toString().startsWith("MultiPart"))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
