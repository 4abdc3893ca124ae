package org.consentgateway.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A mail server (RFC 5321) that refuses, or hangs up where it should answer. Thread-safe. */
final class ScriptedMailServer implements AutoCloseable {
    private final ServerSocket server;
    private final String toRecipient;
    private final boolean hangsUp;
    final List<String> said = new CopyOnWriteArrayList<>();

    /** Done before it takes a letter; what fails in it hangs up. */
    volatile Runnable beforeItTakes = () -> {};

    /**
     * @param toRecipient its answer to each RCPT
     * @param hangsUp after it has got the whole letter, without a word
     */
    ScriptedMailServer(String toRecipient, boolean hangsUp) throws IOException {
        this.toRecipient = toRecipient;
        this.hangsUp = hangsUp;
        this.server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("mail-server").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                serve(socket);
            } catch (IOException | UncheckedIOException e) {
                // the client has gone, or the test is over
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        BufferedReader in =
                new BufferedReader(
                        new java.io.InputStreamReader(
                                socket.getInputStream(), StandardCharsets.UTF_8));
        OutputStream out = socket.getOutputStream();
        say(out, "220 here");
        boolean letter = false;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            said.add(line);
            if (letter) {
                letter = !line.equals(".");
                if (!letter && hangsUp) {
                    return;
                }
                if (!letter) {
                    beforeItTakes.run();
                    say(out, "250 taken");
                }
            } else if (line.startsWith("RCPT")) {
                say(out, toRecipient);
            } else if (line.equals("DATA")) {
                letter = true;
                say(out, "354 go on");
            } else if (line.equals("QUIT")) {
                say(out, "221 bye");
                return;
            } else {
                say(out, "250 right");
            }
        }
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
