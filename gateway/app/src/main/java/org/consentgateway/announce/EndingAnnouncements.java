package org.consentgateway.announce;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.proof.nodes.AnnouncedEndings;
import org.consentgateway.proof.nodes.EndingAnnouncer;

/** Thread-safe. All that a node tells the others and hears from them, until it is closed. */
public final class EndingAnnouncements implements AutoCloseable {
    private static final long TURN_MILLIS = 500;

    private final List<AnnouncementClient> ways = new ArrayList<>();
    private final List<EndingAnnouncer> announcers = new ArrayList<>();
    private final ScheduledExecutorService threads;
    private final Optional<AnnouncementServer> server;

    private EndingAnnouncements(
            ScheduledExecutorService threads, Optional<AnnouncementServer> server) {
        this.threads = threads;
        this.server = server;
    }

    /**
     * @param at where others are listened to
     * @param others whom to tell
     * @throws IOException where that address cannot be listened on
     */
    public static EndingAnnouncements start(
            Optional<InetSocketAddress> at,
            List<URI> others,
            AnnouncedEndings endings,
            ConsentJournal journal,
            LongSupplier nanos)
            throws IOException {
        Optional<AnnouncementServer> server =
                at.isEmpty()
                        ? Optional.empty()
                        : Optional.of(AnnouncementServer.start(at.get(), endings::take));
        // A thread each: who hangs keeps no other from being told.
        var all =
                new EndingAnnouncements(
                        Executors.newScheduledThreadPool(
                                others.size(),
                                Thread.ofPlatform().name("endings-", 0).daemon().factory()),
                        server);
        for (URI each : others) {
            var way = new AnnouncementClient(each);
            all.ways.add(way);
            all.tell(new EndingAnnouncer(journal, endings, each.getAuthority(), way::send, nanos));
        }
        return all;
    }

    private void tell(EndingAnnouncer announcer) {
        announcers.add(announcer);
        var _ =
                threads.scheduleWithFixedDelay(
                        announcer::turn, TURN_MILLIS, TURN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Withdrawals that wait here for the store, and that some other node does not know of. */
    public int untold() {
        return announcers.stream().mapToInt(EndingAnnouncer::untold).max().orElse(0);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        ways.forEach(AnnouncementClient::close);
        server.ifPresent(AnnouncementServer::close);
    }
}
