package org.consentgateway.whole;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Thread-safe. The wire to a database, which can be held up or cut, and mended. */
final class Wire implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    private final ServerSocket door;
    private final int target;
    private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
    private boolean heldUp;
    private boolean cut;

    Wire(int target) throws IOException {
        this.target = target;
        this.door = new ServerSocket(0, 50, HERE);
        Thread.ofVirtual().name("wire").start(this::open);
    }

    int port() {
        return door.getLocalPort();
    }

    /** Nothing gets through until {@link #mend}; nobody is told. */
    synchronized void holdUp() {
        heldUp = true;
    }

    /** Connections end, and new ones end at once, until {@link #mend}. */
    void cut() throws IOException {
        synchronized (this) {
            cut = true;
        }
        closeAll();
    }

    synchronized void mend() {
        heldUp = false;
        cut = false;
        notifyAll();
    }

    private void open() {
        try {
            while (true) {
                Socket near = door.accept();
                if (isCut()) {
                    near.close();
                    continue;
                }
                Socket far = new Socket(HERE, target);
                ends.add(near);
                ends.add(far);
                Thread.ofVirtual().start(() -> carry(near, far));
                Thread.ofVirtual().start(() -> carry(far, near));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private synchronized boolean isCut() {
        return cut;
    }

    private void carry(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                pass();
                out.write(buffer, 0, read);
            }
        } catch (IOException | InterruptedException gone) {
            // both ends are closed
        }
        ends.remove(from);
        ends.remove(to);
    }

    private synchronized void pass() throws InterruptedException {
        while (heldUp) {
            wait();
        }
    }

    private void closeAll() throws IOException {
        for (Socket end : ends) {
            end.close();
        }
    }

    @Override
    public void close() throws IOException {
        mend();
        door.close();
        closeAll();
    }
}
