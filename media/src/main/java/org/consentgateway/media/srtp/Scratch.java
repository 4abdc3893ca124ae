package org.consentgateway.media.srtp;

import java.nio.ByteBuffer;
import org.jitsi.utils.ByteArrayBuffer;

/** The packet being worked on, in the array that the ciphers want. Confined to its session. */
final class Scratch implements ByteArrayBuffer {
    /** The longest: a tag of 16 octets and an index of 4. */
    private static final int TRAILER = 20;

    /** A datagram, and its trailer. */
    private static final int ROOM = 2048 + TRAILER;

    private final byte[] octets = new byte[ROOM];
    private int length;

    /** Whether it fits, trailer included. */
    static boolean fits(int length) {
        return length <= ROOM - TRAILER;
    }

    /** The same for one that gets its trailer here and then has to fit where it goes. */
    static boolean fits(int length, ByteBuffer to) {
        return fits(length) && length <= to.limit() - TRAILER;
    }

    void load(ByteBuffer from, int offset, int count) {
        from.get(offset, octets, 0, count);
        length = count;
    }

    void store(ByteBuffer to) {
        to.put(0, octets, 0, length);
    }

    @Override
    public byte[] getBuffer() {
        return octets;
    }

    @Override
    public int getOffset() {
        return 0;
    }

    @Override
    public int getLength() {
        return length;
    }

    @Override
    public void setLength(int length) {
        this.length = length;
    }

    @Override
    public void setOffset(int offset) {
        throw new UnsupportedOperationException("only header extensions of our own would need it");
    }

    @Override
    public boolean isInvalid() {
        return false;
    }

    @Override
    public void readRegionToBuff(int offset, int count, byte[] into) {
        System.arraycopy(octets, offset, into, 0, count);
    }

    /** There is room already. */
    @Override
    public void grow(int more) {}

    @Override
    public void append(byte[] more, int count) {
        System.arraycopy(more, 0, octets, length, count);
        length += count;
    }

    @Override
    public void shrink(int less) {
        length = Math.max(0, length - less);
    }
}
