package org.consentgateway.sip.transport.channel;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tells, once, that something is written. As safe for threads as the stream below. */
public final class FirstWrite extends FilterOutputStream {
    private final Runnable told;
    private final AtomicBoolean written = new AtomicBoolean();

    public FirstWrite(OutputStream out, Runnable told) {
        super(out);
        this.told = told;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        if (!written.getAndSet(true)) {
            told.run();
        }
        out.write(octets, offset, length);
    }
}
