package org.consentgateway.media.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.consentgateway.media.net.udp.LoopIo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** By the times that turns were to be at, so that no stall of the machine counts. */
class PacerTest {
    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final IoEventLoop loop = group.next();
    private final Pacer pacer = new Pacer(new LoopIo(loop, false));

    @AfterEach
    void end() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Has one turn, or stays. */
    private static final class Stream implements Pacer.Paced {
        private final boolean stays;
        private final CompletableFuture<Long> first = new CompletableFuture<>();
        private long askedNanos;

        Stream(boolean stays) {
            this.stays = stays;
        }

        long waitNanos() {
            return first.orTimeout(10, TimeUnit.SECONDS).join() - askedNanos;
        }

        @Override
        public boolean paced(long nowNanos) {
            return stays || !first.isDone();
        }

        @Override
        public void turn(long turnNanos) {
            first.complete(turnNanos);
        }

        @Override
        public void rest() {}

        @Override
        public boolean open() {
            return true;
        }

        @Override
        public void look(long nowNanos) {}

        @Override
        public void failed(RuntimeException e) {
            first.completeExceptionally(e);
        }
    }

    private Stream begin(boolean stays) {
        var stream = new Stream(stays);
        loop.submit(
                        () -> {
                            stream.askedNanos = System.nanoTime();
                            pacer.pace(stream);
                        })
                .syncUninterruptibly();
        return stream;
    }

    @Test
    void nobodyWaitsLongForASlotThatOthersHave() throws InterruptedException {
        begin(true).waitNanos();
        for (int i = 0; i < 40; i++) {
            TimeUnit.MILLISECONDS.sleep(3); // at all distances to the turn of the other
            assertThat(begin(false).waitNanos())
                    .isLessThan(Pacer.WAIT_NANOS + TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    @Test
    void norWhereAllSlotsAreFull() {
        List<Stream> streams =
                IntStream.range(0, 2 * Pacer.SLOTS * Pacer.COMPANY)
                        .mapToObj(_ -> begin(true))
                        .toList();
        assertThat(streams)
                .extracting(Stream::waitNanos)
                .allMatch(wait -> wait < Pacer.WAIT_NANOS + TimeUnit.MILLISECONDS.toNanos(1));
    }

    @Test
    void withinThatTimeAStreamTakesASlotThatOthersHave() {
        List<Stream> streams =
                IntStream.range(0, Pacer.COMPANY + 1).mapToObj(i -> new Stream(true)).toList();
        loop.submit(() -> streams.forEach(pacer::pace)).syncUninterruptibly();
        List<Long> turns = streams.stream().map(stream -> stream.first.join()).distinct().toList();
        assertThat(turns).as("of %d streams", streams.size()).hasSize(2);
    }
}
