package org.consentgateway.testkit;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Thread-safe. One WebSocket that a {@link SocketServer} has taken; it keeps all that came. */
public final class SocketPeer {
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;

    private final Socket socket;
    private final DataInputStream in;
    private final String path;
    private final Map<String, String> headers;
    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean reads = true;
    private volatile boolean pongs = true;
    private volatile int closedBy = -1;

    /**
     * What came.
     *
     * @param text or, of a binary message, empty
     */
    public record Message(Instant at, String text, byte[] octets) {}

    SocketPeer(Socket socket, DataInputStream in, String path, Map<String, String> headers) {
        this.socket = socket;
        this.in = in;
        this.path = path;
        this.headers = headers;
    }

    public String path() {
        return path;
    }

    /** Of the upgrade; names in small letters. */
    public Map<String, String> headers() {
        return headers;
    }

    public List<Message> messages() {
        return messages;
    }

    /** The code by which the other side has closed it, or -1. */
    public int closedBy() {
        return closedBy;
    }

    public boolean isOver() {
        return over.getCount() == 0;
    }

    /** From now on nothing is read. */
    public void stopReading() {
        reads = false;
    }

    /** From now on pings stay without an answer. */
    public void stopPongs() {
        pongs = false;
    }

    void serve(SocketServer.Behaviour behaviour) throws IOException {
        try {
            while (true) {
                if (!reads) {
                    over.await();
                    return;
                }
                if (!frame(behaviour)) {
                    return;
                }
            }
        } catch (EOFException e) {
            // gone without a word
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            over.countDown();
            socket.close();
        }
    }

    private boolean frame(SocketServer.Behaviour behaviour) throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        long length = second & 0x7F;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        if ((second & MASKED) == 0) {
            throw new IOException("RFC 6455 §5.1: a client masks its frames");
        }
        byte[] mask = in.readNBytes(4);
        byte[] octets = in.readNBytes((int) length);
        for (int i = 0; i < octets.length; i++) {
            octets[i] ^= mask[i % 4];
        }
        switch (first & 0x0F) {
            case TEXT -> {
                String text = new String(octets, StandardCharsets.UTF_8);
                messages.add(new Message(Instant.now(), text, new byte[0]));
                behaviour.text(this, text);
            }
            case BINARY -> {
                messages.add(new Message(Instant.now(), "", octets));
                behaviour.binary(this, octets);
            }
            case PING -> {
                if (pongs) {
                    send(PONG, octets);
                }
            }
            case CLOSE -> {
                closedBy = octets.length < 2 ? 1005 : ByteBuffer.wrap(octets).getShort();
                send(CLOSE, octets);
                return false;
            }
            default -> {
                // a pong
            }
        }
        return true;
    }

    public void send(String text) throws IOException {
        send(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    public void send(byte[] octets) throws IOException {
        send(BINARY, octets);
    }

    public void close(int code) throws IOException {
        send(CLOSE, ByteBuffer.allocate(2).putShort((short) code).array());
    }

    /** As a process that is killed: its kernel resets the connection. */
    public void die() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
        over.countDown();
    }

    /** Octets as they are, be they a frame or not. */
    public synchronized void raw(byte[] octets) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(octets);
        out.flush();
    }

    private void send(int opcode, byte[] octets) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(octets.length + 10);
        frame.put((byte) (FINAL | opcode));
        if (octets.length < 126) {
            frame.put((byte) octets.length);
        } else if (octets.length < 1 << 16) {
            frame.put((byte) 126).putShort((short) octets.length);
        } else {
            frame.put((byte) 127).putLong(octets.length);
        }
        frame.put(octets);
        raw(Arrays.copyOf(frame.array(), frame.position()));
    }
}
