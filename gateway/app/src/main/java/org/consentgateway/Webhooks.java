package org.consentgateway;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.outbox.EventOutbox;
import org.consentgateway.ledger.outbox.Message;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.metrics.Gauges;
import org.consentgateway.metrics.Meter;
import org.consentgateway.metrics.Totals;
import org.consentgateway.proof.HolderReceipts;
import org.consentgateway.webhook.Delivery;
import org.consentgateway.webhook.Endpoint;
import org.consentgateway.webhook.HttpPoster;
import org.consentgateway.webhook.LedgerAlarms;
import org.consentgateway.webhook.LedgerContext;
import org.consentgateway.webhook.WebhookSender;
import org.consentgateway.webhook.WebhookTotals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Thread-safe. Tells other systems what has happened; without any, nothing runs. */
record Webhooks(OpenParts parts) implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);

    /** An idle turn is one question to the store. */
    private static final Duration TURN = Duration.ofMillis(100);

    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration PURGE = Duration.ofMinutes(1);

    static Webhooks open(Startup startup, Proof proof, CallListeners listeners) throws IOException {
        List<Endpoint> endpoints = startup.settings().announcements().endpoints();
        try (var opening = new OpenParts()) {
            if (endpoints.isEmpty()) {
                return new Webhooks(opening.keep());
            }
            var poster =
                    opening.add(new HttpPoster(endpoints, startup.expected(), startup.nanos()));
            var receipts = new HolderReceipts(proof.ledger(), startup.expected());
            ExecutorService sending =
                    Executors.newThreadPerTaskExecutor(
                            Thread.ofVirtual().name("webhook-", 0).factory());
            opening.add(sending::shutdownNow); // what is under way is sent again
            var sender =
                    new WebhookSender(
                            proof.ledger().outbox(),
                            startup.settings().announcements(),
                            delivery(startup, proof, poster),
                            new Receipts(receipts),
                            startup.config().node().id(),
                            new WebhookSender.Work(
                                    sending,
                                    startup.expected(),
                                    startup.clock()::isDoubtful,
                                    new SecureRandom()));
            show(sender.totals(), listeners, startup);
            opening.add(() -> last(sender, proof.ledger().outbox(), listeners));
            run(opening.add(new PeriodicTasks("webhooks")), sender, startup, proof, listeners);
            return new Webhooks(opening.keep());
        }
    }

    private static Delivery delivery(Startup startup, Proof proof, HttpPoster poster)
            throws IOException {
        var delivery =
                new Delivery(
                        startup.settings().source(),
                        KeyFiles.webhookKey(startup.config().store().keys()).bytes(),
                        poster,
                        new LedgerContext(proof.ledger().reader()),
                        startup.clock());
        return delivery.orBy(startup.expected());
    }

    /** Thread-safe. What holders of data have confirmed or refused, in the record. */
    record Receipts(HolderReceipts written) implements WebhookSender.Acknowledged {
        @Override
        public void by(Endpoint endpoint, Message message, int status) throws LedgerUnavailable {
            String by = String.format(Locale.ROOT, "WEBHOOK %d", status);
            try {
                switch (message.type()) {
                    case "consent.withdrawn" ->
                            written.withdrawn(
                                    message.id(), endpoint.holder(), consent(message), by);
                    case "subject.erased" -> written.erased(message.id(), endpoint.holder(), by);
                    default -> {
                        // nothing that has to be confirmed
                    }
                }
            } catch (JournalUnavailable e) {
                throw unavailable(e);
            }
        }

        /** An erasure is a task for a person until it is confirmed, whatever becomes of this. */
        @Override
        public void never(Endpoint endpoint, Message message) throws LedgerUnavailable {
            if (!message.type().equals("consent.withdrawn")) {
                return;
            }
            try {
                written.refused(message.id(), endpoint.holder(), consent(message), message.time());
            } catch (JournalUnavailable e) {
                throw unavailable(e);
            }
        }

        private static UUID consent(Message message) {
            return UUID.fromString(WebhookSender.field(message, "consent_id"));
        }

        private static LedgerUnavailable unavailable(JournalUnavailable e) {
            return new LedgerUnavailable(
                    LedgerUnavailable.Reason.STORE_DOWN, String.valueOf(e.getMessage()), e);
        }
    }

    private static void run(
            PeriodicTasks tasks,
            WebhookSender sender,
            Startup startup,
            Proof proof,
            CallListeners listeners) {
        var alarms = new LedgerAlarms(listeners.events(), startup.config().node().id());
        tasks.every(Duration.ZERO, TURN, "webhooks", sender::turn);
        tasks.every(TURN, TURN, "events", () -> listeners.events().store(proof.ledger().outbox()));
        tasks.every(Duration.ZERO, LOOK, "webhooks that wait", sender::look);
        tasks.every(
                LOOK,
                "alarms",
                () -> alarms.look(proof.ledger().health(), startup.expected().instant()));
        tasks.every(
                PURGE,
                "webhooks delivered",
                () -> sender.purge(startup.config().webhooks().keep()));
    }

    private static void show(WebhookTotals totals, CallListeners listeners, Startup startup) {
        var gauges = new Gauges(listeners.meters());
        var counters = new Totals(listeners.meters());
        for (String name : totals.endpoints()) {
            for (String result : WebhookTotals.RESULTS) {
                counters.follow(
                        Meter.WEBHOOK_DELIVERIES,
                        () -> totals.attempts(name, result),
                        name,
                        result);
            }
            counters.follow(Meter.WEBHOOK_DROPPED, () -> totals.dropped(name), name);
            gauges.webhook(
                    name,
                    () -> totals.waiting(name),
                    () -> totals.age(name, startup.expected().instant()),
                    () -> totals.givenUp(name),
                    () -> totals.disabled(name));
        }
    }

    /** What calls told while they ended is kept, and sent with the next start. */
    private static void last(WebhookSender sender, EventOutbox outbox, CallListeners listeners) {
        try {
            listeners.events().store(outbox);
        } catch (LedgerUnavailable e) {
            LOG.warn("events of the last calls are lost: {}", e.getMessage());
        }
        sender.stop((what, why) -> LOG.warn("{}: {}", what, why.getMessage()));
    }

    @Override
    public void close() {
        parts.close();
    }
}
