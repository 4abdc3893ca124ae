package org.consentgateway.reporting;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.consentgateway.call.Calls;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.store.LedgerHealth;
import org.consentgateway.ledger.watch.BackgroundVerification;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.metrics.Gauges;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.sip.registration.Registered;
import org.consentgateway.sip.registration.Watched;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.target.TargetHealth;
import org.consentgateway.web.DecisionsToday;
import org.consentgateway.web.Status;

/** Thread-safe. How the parts are, asked anew at every look. */
public final class GatewayHealth {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int SERVICE_UNAVAILABLE = 503;

    private static final Status.Part STUCK =
            new Status.Part(
                    Status.SIP,
                    Status.State.STUCK,
                    "reads no messages any more: one keeps the parser; restart it");

    private final Supplier<GatewayConfig> config;
    private final Signalling signalling;
    private final Ledger ledger;
    private final DataDisk disk;
    private final SteadyClock clock;
    private final BooleanSupplier lease;
    private final IntSupplier silent;
    private final Supplier<Optional<String>> late;
    private final Supplier<Optional<String>> texts;
    private final Recogniser recogniser;
    private final Calls calls;
    private final DecisionsToday today;

    /**
     * What SIP knows of those outside.
     *
     * @param taking whether calls are taken: not before all else has started
     * @param stuck whether messages are read no more
     */
    public record Signalling(
            Supplier<List<Registered>> registrations,
            TargetHealth targets,
            BooleanSupplier taking,
            BooleanSupplier stuck) {}

    /**
     * What records are written to, and by which time.
     *
     * @param lease whether other nodes take this one for alive
     * @param silent how many of them are not heard of
     * @param late what is damaged of what waits for the store
     * @param texts to which of them no consent can be recorded
     */
    public record Storage(
            Ledger ledger,
            DataDisk disk,
            SteadyClock clock,
            BooleanSupplier lease,
            IntSupplier silent,
            Supplier<Optional<String>> late,
            Supplier<Optional<String>> texts) {}

    public GatewayHealth(
            Supplier<GatewayConfig> config,
            Signalling signalling,
            Storage storage,
            Recogniser recogniser,
            Calls calls,
            DecisionsToday today) {
        this.config = config;
        this.signalling = signalling;
        this.ledger = storage.ledger();
        this.disk = storage.disk();
        this.clock = storage.clock();
        this.lease = storage.lease();
        this.silent = storage.silent();
        this.late = storage.late();
        this.texts = storage.texts();
        this.recogniser = recogniser;
        this.calls = calls;
        this.today = today;
    }

    public Status status() {
        List<Status.Part> parts = new ArrayList<>();
        parts.add(
                signalling.stuck().getAsBoolean()
                        ? STUCK
                        : sip(calls.draining(), signalling.taking().getAsBoolean()));
        signalling.registrations().get().forEach(one -> parts.add(trunk(one)));
        targets((kind, name) -> parts.add(target(kind, name)));
        parts.add(store());
        standby().ifPresent(parts::add);
        parts.add(record());
        parts.add(disk(disk));
        parts.add(
                new Status.Part(
                        "clock",
                        clock.isSteady() ? Status.State.READY : Status.State.LIMITED,
                        clock.state()));
        nodes().ifPresent(parts::add);
        late.get()
                .map(what -> new Status.Part("late records", Status.State.LIMITED, what))
                .ifPresent(parts::add);
        // Whoever hears one of them reaches a human, as with a store that is down.
        texts.get()
                .map(what -> new Status.Part("texts", Status.State.DOWN, what))
                .ifPresent(parts::add);
        ledger.health().witnesses().failing().forEach((name, why) -> parts.add(witness(name, why)));
        config.get().speech().models().keySet().stream()
                .sorted()
                .map(this::speech)
                .forEach(parts::add);
        return new Status(
                config.get().node().id(),
                parts,
                calls.active(),
                config.get().limits().calls(),
                today.counts(),
                today.since());
    }

    /** Calls go on, with one question more. */
    private Optional<Status.Part> nodes() {
        int missing = silent.getAsInt();
        return missing == 0
                ? Optional.empty()
                : Optional.of(
                        new Status.Part(
                                "nodes",
                                Status.State.LIMITED,
                                missing
                                        + " of the other nodes not heard of, or not whole in the"
                                        + " store: it may have a withdrawal, so callers are asked"
                                        + " in full"));
    }

    /** A warning: what comes of a full one is told of the store. */
    static Status.Part disk(DataDisk disk) {
        return new Status.Part(
                "disk", disk.isLow() ? Status.State.LIMITED : Status.State.READY, disk.state());
    }

    static Status.Part sip(boolean draining, boolean taking) {
        if (draining) {
            return new Status.Part(Status.SIP, Status.State.DOWN, "draining: running calls end");
        }
        return taking
                ? new Status.Part(Status.SIP, Status.State.READY, "takes calls")
                : new Status.Part(Status.SIP, Status.State.DOWN, "starting: takes no calls yet");
    }

    /** Calls still come by the other trunks, and those under way go on. */
    private static Status.Part trunk(Registered one) {
        String name = "trunk " + one.trunk();
        if (one.registered()) {
            return new Status.Part(name, Status.State.READY, "registered");
        }
        String why =
                one.status() == 0
                        ? "not yet registered"
                        : "not registered: "
                                + one.status()
                                + ", failed "
                                + one.failures()
                                + " times in a row";
        return new Status.Part(name, Status.State.LIMITED, why);
    }

    private void targets(BiConsumer<Watched.Kind, String> each) {
        config.get().assistants().forEach(one -> each.accept(Watched.Kind.ASSISTANT, one.name()));
        config.get().humans().forEach(one -> each.accept(Watched.Kind.HUMAN, one.name()));
    }

    /** Whoever is down is passed over: the caller gets to the next, or to a human. */
    private Status.Part target(Watched.Kind kind, String name) {
        String part = word(kind) + " " + name;
        TargetHealth health = signalling.targets();
        return switch (health.of(kind, name)) {
            case UP -> new Status.Part(part, Status.State.READY, "answers");
            case DOWN ->
                    new Status.Part(
                            part,
                            Status.State.LIMITED,
                            refusal(health.status(kind, name))
                                    + health.since(kind, name)
                                            .map(since -> " since " + since)
                                            .orElse(""));
            case UNKNOWN -> new Status.Part(part, Status.State.READY, "not asked yet");
        };
    }

    private static String refusal(int status) {
        return switch (status) {
            case UNAUTHORIZED, FORBIDDEN -> "does not believe who we are: " + status;
            case 0, REQUEST_TIMEOUT, SERVICE_UNAVAILABLE -> "does not answer";
            default -> "takes no calls: " + status;
        };
    }

    private static String word(Watched.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private Status.Part store() {
        LedgerHealth health = ledger.health();
        if (!health.up()) {
            // Calls are still answered and reach a human, but nobody should be sent here on
            // purpose.
            return new Status.Part(
                    Status.STORE,
                    Status.State.DOWN,
                    "no record can be made durable since "
                            + health.since()
                            + ", tried again: "
                            + health.detail());
        }
        if (health.witnesses().conflict() != null) {
            // As with a store that is down: callers reach a human.
            return new Status.Part(
                    Status.STORE,
                    Status.State.DOWN,
                    "no consent is asked for or relied on: " + health.witnesses().conflict());
        }
        if (!lease.getAsBoolean()) {
            return new Status.Part(
                    Status.STORE,
                    Status.State.DOWN,
                    "no consent is asked for or relied on: this node could not say that it lives,"
                            + " so others may be ending its calls");
        }
        if (health.exportFailing() || health.witnessFailing()) {
            String what = health.exportFailing() ? "exported" : "witnessed";
            return new Status.Part(
                    "store", Status.State.LIMITED, "the newest checkpoint could not be " + what);
        }
        return new Status.Part(Status.STORE, Status.State.READY, health.size() + " entries");
    }

    /**
     * Where commits wait, calls reach a human as with a store that is down; that it takes none is
     * said there as soon as one has waited too long.
     */
    private Optional<Status.Part> standby() {
        return switch (ledger.standby().seen()) {
            case NOT_ASKED -> Optional.empty();
            case FOLLOWS ->
                    Optional.of(
                            new Status.Part(
                                    "standby", Status.State.READY, "has what is confirmed"));
            case NOT_WAITED_FOR ->
                    Optional.of(
                            new Status.Part(
                                    "standby",
                                    Status.State.LIMITED,
                                    "the primary waits for none: what callers heard confirmed is"
                                            + " lost where it dies (synchronous_standby_names)"));
            case AWAY ->
                    Optional.of(
                            new Status.Part(
                                    "standby",
                                    Status.State.LIMITED,
                                    "away, and the primary waits for it: nothing is recorded,"
                                            + " callers reach a human"));
        };
    }

    private double standbyKept() {
        return switch (ledger.standby().seen()) {
            case NOT_ASKED -> Double.NaN;
            case FOLLOWS -> 1;
            case NOT_WAITED_FOR, AWAY -> 0;
        };
    }

    /** Calls go on: whose record is in doubt is asked in full. */
    private Status.Part record() {
        BackgroundVerification.Progress progress = ledger.verification().progress();
        String how =
                progress.wholeAt() == null
                        ? progress.done() + " of " + progress.of() + " entries verified"
                        : "all entries of " + progress.wholeAt() + " verified";
        return ledger.alarm()
                .newest()
                .map(what ->
                        new Status.Part(
                                "record",
                                Status.State.LIMITED,
                                "changed behind our back: " + what + "; run ledger verify"))
                .orElseGet(() -> new Status.Part("record", Status.State.READY, how));
    }

    private static Status.Part witness(String name, String why) {
        String part = "witness " + name;
        return why.isEmpty()
                ? new Status.Part(part, Status.State.READY, "cosigns")
                : new Status.Part(part, Status.State.LIMITED, why);
    }

    private Status.Part speech(String language) {
        String name = "speech " + language;
        String detail = recogniser.state().getOrDefault(language, "off: keys only");
        return recogniser.hears(language)
                ? new Status.Part(name, Status.State.READY, detail)
                : new Status.Part(name, Status.State.LIMITED, detail);
    }

    public void show(Gauges gauges, MediaEngine media) {
        gauges.calls(calls::active, () -> config.get().limits().calls());
        gauges.ports(() -> media.totals().portPairsInUse(), media.totals().portPairs());
        gauges.opus(() -> media.totals().opusLegs(), config.get().media().opusLegs());
        config.get()
                .speech()
                .models()
                .keySet()
                .forEach(language -> gauges.speech(language, () -> recogniser.hears(language)));
        gauges.store(() -> ledger.health().up());
        gauges.standby(this::standbyKept);
        gauges.disk(disk::free);
        gauges.clock(clock::offset);
        gauges.witnesses(
                () -> ledger.health().witnesses().conflict() != null,
                () -> !ledger.health().witnessFailing(),
                ledger.health().witnesses().failing().keySet(),
                name -> ledger.health().witnesses().failing().getOrDefault(name, "").isEmpty());
        gauges.checkpointAge(() -> checkpointAge());
        gauges.verification(() -> lag(), ledger.alarm()::found);
        gauges.node(() -> status().isReady(), calls::draining);
    }

    private double lag() {
        return Gauges.secondsSince(
                ledger.verification().progress().wholeAt(), clock.expected().instant());
    }

    private double checkpointAge() {
        return Gauges.secondsSince(ledger.health().checkpointAt(), clock.expected().instant());
    }
}
