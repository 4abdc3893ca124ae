package org.consentgateway.media.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/**
 * The least that relaying costs in plain Java: one selector, connected channels, one buffer, our
 * SSRC written over theirs. No lock, no statistics, no silence: what the engine is measured
 * against.
 */
final class BareRelay {
    private final Selector selector = Selector.open();
    private final List<Integer> ports = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(2048);

    /** Pairs of channels on consecutive entries of {@link #ports}. */
    BareRelay(int calls, InetSocketAddress peer) throws IOException {
        for (int i = 0; i < calls; i++) {
            DatagramChannel first = channel(peer);
            DatagramChannel second = channel(peer);
            first.register(selector, SelectionKey.OP_READ, second);
            second.register(selector, SelectionKey.OP_READ, first);
        }
    }

    private DatagramChannel channel(InetSocketAddress peer) throws IOException {
        DatagramChannel channel =
                DatagramChannel.open().bind(new InetSocketAddress(peer.getAddress(), 0));
        channel.configureBlocking(false);
        channel.connect(peer);
        ports.add(((InetSocketAddress) channel.getLocalAddress()).getPort());
        return channel;
    }

    List<Integer> ports() {
        return ports;
    }

    void start() {
        Thread.ofPlatform().daemon().name("relay").start(this::run);
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select(this::relay);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void relay(SelectionKey key) {
        try {
            buffer.clear();
            if (((DatagramChannel) key.channel()).read(buffer) > 12) {
                buffer.flip();
                buffer.putInt(8, 0x1234_5678);
                ((DatagramChannel) key.attachment()).write(buffer);
            }
        } catch (IOException e) {
            // The load generator has gone.
            key.cancel();
        }
    }
}
