package org.consentgateway.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.consentgateway.media.StreamLeg;
import org.consentgateway.media.codec.Codec;

/** What a {@link AssistantTalk} can do with its call. Confined to the socket's event loop. */
public interface Wire {

    ByteBufAllocator allocator();

    /** Sends a text message, and releases it. */
    void text(ByteBuf message);

    /** Sends a binary message, and releases it. */
    void binary(ByteBuf message);

    /** From now on the assistant is there: it is given the caller as soon as the gate is open. */
    void answered();

    /** The coding of what is played, as {@link Dialect#sound} has it for this call. */
    Codec sound();

    /** It has said this, in {@link #sound}. */
    void play(byte[] octets);

    /**
     * It wants to know when all it has said so far was heard.
     *
     * @return false where it is not told: there are too many, or the name is too long
     */
    boolean mark(String name);

    /** It takes back what was not heard yet. */
    StreamLeg.Cleared clear();

    /** As {@link StreamLeg#position}. */
    long position();

    /** As {@link StreamLeg#queued}. */
    long queued();

    /** It asks for one more purpose, by this id. */
    void asks(String purpose);

    /** It hangs up. */
    void hangUp();

    /** A message that means nothing here; counted. */
    void ignored();
}
