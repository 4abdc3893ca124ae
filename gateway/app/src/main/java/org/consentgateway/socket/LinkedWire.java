package org.consentgateway.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the socket's event loop. A {@link Wire} over a link that opens later than the call
 * and may be gone before it: what is sent then is released.
 */
abstract class LinkedWire implements Wire {
    private final ByteBufAllocator allocator;

    LinkedWire(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** Null where there is none now. */
    abstract @Nullable SocketLink link();

    @Override
    public final ByteBufAllocator allocator() {
        return allocator;
    }

    @Override
    public final void text(ByteBuf message) {
        send(message, SocketLink::text);
    }

    @Override
    public final void binary(ByteBuf message) {
        send(message, SocketLink::binary);
    }

    private void send(ByteBuf message, BiConsumer<SocketLink, ByteBuf> how) {
        SocketLink present = link();
        if (present == null) {
            message.release();
        } else {
            how.accept(present, message);
        }
    }
}
