package org.consentgateway.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.media.StreamLeg;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;

/** Confined to one test. Keeps what a dialect sends and asks for; its queue is played by hand. */
public final class RecordingWire implements Wire {
    private final List<String> sent = new ArrayList<>();
    private final List<byte[]> binary = new ArrayList<>();
    private final List<byte[]> played = new ArrayList<>();
    private final List<String> marks = new ArrayList<>();
    private final Codec sound;
    private long position;

    /** Takes no more marks. */
    boolean full;

    private long queued;

    /** For a caller over G.711. */
    public RecordingWire() {
        this(G711.PCMA);
    }

    public RecordingWire(Codec sound) {
        this.sound = sound;
    }

    /** Texts that were sent, and words for what was asked for, in order. */
    public List<String> sent() {
        return sent;
    }

    public List<byte[]> binarySent() {
        return binary;
    }

    public List<byte[]> played() {
        return played;
    }

    public List<String> marks() {
        return marks;
    }

    /** So many octets of the queue are heard. */
    public void hear(long octets) {
        position = Math.min(queued, position + octets);
    }

    @Override
    public ByteBufAllocator allocator() {
        return UnpooledByteBufAllocator.DEFAULT;
    }

    @Override
    public void text(ByteBuf message) {
        sent.add(message.toString(StandardCharsets.UTF_8));
        message.release();
    }

    @Override
    public void binary(ByteBuf message) {
        byte[] octets = new byte[message.readableBytes()];
        message.readBytes(octets).release();
        binary.add(octets);
    }

    @Override
    public void answered() {
        sent.add("answered");
    }

    @Override
    public Codec sound() {
        return sound;
    }

    @Override
    public void play(byte[] octets) {
        played.add(octets);
        queued += octets.length;
    }

    @Override
    public boolean mark(String name) {
        return !full && marks.add(name);
    }

    @Override
    public StreamLeg.Cleared clear() {
        var cleared = new StreamLeg.Cleared(position, List.copyOf(marks));
        marks.clear();
        position = queued;
        return cleared;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public long queued() {
        return queued;
    }

    @Override
    public void asks(String purpose) {
        sent.add("asks for " + purpose);
    }

    @Override
    public void hangUp() {
        sent.add("hangs up");
    }

    @Override
    public void ignored() {
        sent.add("ignored");
    }
}
