package org.consentgateway;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.consentgateway.admission.CompiledCode;
import org.consentgateway.admission.CpuShare;
import org.consentgateway.admission.HeapAtRest;
import org.consentgateway.announce.EndingAnnouncements;
import org.consentgateway.callback.CallBackCalls;
import org.consentgateway.callback.CallBackPart;
import org.consentgateway.callback.CallBackRounds;
import org.consentgateway.callback.CallBackTerms;
import org.consentgateway.config.HostPort;
import org.consentgateway.consent.journal.Expiries;
import org.consentgateway.consent.journal.UntoldHolders;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.consent.request.Task;
import org.consentgateway.ledger.entry.LocalTimes;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.metrics.Gauges;
import org.consentgateway.metrics.KnownSeries;
import org.consentgateway.metrics.Meter;
import org.consentgateway.metrics.Meters;
import org.consentgateway.metrics.Totals;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.proof.WaitingRequests;
import org.consentgateway.proof.WaitingTasks;
import org.consentgateway.proof.nodes.AnnouncedEndings;
import org.consentgateway.proof.nodes.LostCalls;
import org.consentgateway.proof.nodes.NodeWatch;
import org.consentgateway.proof.nodes.OtherNodes;
import org.consentgateway.reporting.CertificateWatch;
import org.consentgateway.reporting.DataDisk;
import org.consentgateway.reporting.GatewayHealth;
import org.consentgateway.reporting.PartCounters;
import org.consentgateway.reporting.PeerGauges;
import org.consentgateway.reporting.ReloadMeters;
import org.consentgateway.reporting.RetentionRounds;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.LevelConfig;
import org.consentgateway.settings.LineConfig;
import org.consentgateway.settings.TrunkConfig;
import org.consentgateway.settings.nodes.NodeConfig;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.web.Scraped;
import org.jspecify.annotations.Nullable;

/** Thread-safe. How the parts are and what they count; and what is to be done from time to time. */
record Monitoring(
        GatewayHealth health,
        CallListeners listeners,
        PartCounters counters,
        PeerGauges peers,
        CertificateWatch certificates,
        ReloadMeters reloads,
        OpenParts parts)
        implements AutoCloseable {
    /** After a start: what was due while nothing ran is not left for an hour. */
    private static final Duration SETTLED = Duration.ofSeconds(30);

    /** How often it is tried to store what is kept on this machine. */
    private static final Duration LATE = Duration.ofSeconds(5);

    /** How often it is looked whether what is spoken was compared with what was spoken before. */
    private static final Duration TEXTS = Duration.ofSeconds(5);

    /** How often it is asked whether a standby follows. */
    private static final Duration STANDBY = Duration.ofSeconds(5);

    /** How often it is looked whether a person has resolved what a witness has said. */
    private static final Duration CONFLICTS = Duration.ofSeconds(1);

    /** A hundred entries each: a few milliseconds, on which no packet of a call waits for long. */
    private static final Duration VERIFYING = Duration.ofMillis(100);

    static Monitoring start(
            Startup startup,
            Proof proof,
            Audio audio,
            Telephony telephony,
            CallListeners listeners,
            SpokenNotices spoken)
            throws IOException {
        Recogniser recogniser = audio.recogniser();
        SipEndpoint sip = telephony.sip();
        DataDisk disk = disk(startup.config(), startup.settings().ledger());
        var health =
                new GatewayHealth(
                        telephony::config,
                        new GatewayHealth.Signalling(
                                sip::registrations,
                                telephony.targets(),
                                telephony.routing()::takesCalls,
                                sip::isStuck),
                        storage(startup, proof, disk, spoken),
                        recogniser,
                        telephony.calls(),
                        listeners.today());
        var gauges = new Gauges(listeners.meters());
        showGauges(gauges, health, audio, telephony);
        gauges.texts(spoken::changed);
        countJumps(startup, listeners.meters());
        var reloads = new ReloadMeters(listeners.meters(), gauges, startup.clock().instant());
        var peers = new PeerGauges(gauges, telephony.targets(), telephony::registered);
        peers.show(telephony.config());
        var certificates = new CertificateWatch(gauges, startup.clock());
        certificates.use(telephony.config());
        var requests = new WaitingRequests(proof.ledger().reader());
        show(gauges, requests);
        var tasks = new WaitingTasks(proof.ledger().reader());
        show(gauges, tasks);
        var counters =
                new PartCounters(
                        sip::counters,
                        audio.media()::totals,
                        recogniser::totals,
                        telephony.sockets().totals()::counts,
                        () -> trunks(telephony.config()),
                        new Totals(listeners.meters()));
        makeSeries(listeners.meters(), startup, telephony.reading());
        try (var opening = new OpenParts()) {
            nodes(opening, startup, proof, telephony, listeners.meters());
            others(opening, startup, proof, gauges);
            PeriodicTasks store =
                    startTasks(opening, startup, proof, audio.media(), telephony, gauges);
            callBacks(opening, startup, proof, audio.media(), telephony, listeners.meters());
            store.every(Duration.ofSeconds(10), "disk", disk::watch);
            store.every(
                    TEXTS,
                    "texts",
                    () -> spoken.look(telephony.reading(), proof, startup.expected()));
            store.every(Duration.ofDays(1), "certificates", certificates::look);
            store.every(
                    Duration.ofSeconds(10),
                    "waiting requests",
                    () -> requests.look(startup.expected().instant()));
            store.every(
                    Duration.ofSeconds(10),
                    "waiting tasks",
                    () -> tasks.look(startup.expected().instant()));
            return new Monitoring(
                    health, listeners, counters, peers, certificates, reloads, opening.keep());
        }
    }

    private static void countJumps(Startup startup, Meters meters) {
        startup.clock().onJump(ahead -> meters.count(Meter.CLOCK_JUMPS, ahead ? "ahead" : "back"));
    }

    private static GatewayHealth.Storage storage(
            Startup startup, Proof proof, DataDisk disk, SpokenNotices spoken) {
        return new GatewayHealth.Storage(
                proof.ledger(),
                disk,
                startup.clock(),
                proof.life()::holds,
                proof.others()::silent,
                proof.late()::damage,
                spoken::changedInWords);
    }

    /** Where this node writes. */
    private static DataDisk disk(GatewayConfig config, LedgerSettings ledger) {
        GatewayConfig.Store store = config.store();
        List<Path> besideKeys = new ArrayList<>();
        if (!store.url().isShared()) {
            besideKeys.add(Vendor.file(ledger).toAbsolutePath().resolveSibling("."));
        }
        besideKeys.add(store.checkpoints().export());
        store.archive().ifPresent(besideKeys::add);
        return new DataDisk(store.keys().resolveSibling("."), besideKeys, store.lowDisk());
    }

    /** Shows those that another reading names. */
    void use(Startup startup, ConfigReading next) {
        makeSeries(listeners.meters(), startup, next);
        peers.show(next.config());
        certificates.use(next.config());
    }

    /** Those that the configuration lets one know of; those there were stay. */
    private static void makeSeries(Meters meters, Startup startup, ConfigReading reading) {
        LocalDate today = LocalDate.ofInstant(startup.expected().instant(), LocalTimes.ZONE);
        new KnownSeries(meters).make(lines(reading, today), trunks(reading.config()));
    }

    private static List<String> trunks(GatewayConfig config) {
        return config.trunks().stream().map(TrunkConfig::name).toList();
    }

    private static List<KnownSeries.OfLine> lines(ConfigReading reading, LocalDate today) {
        return reading.config().lines().stream()
                .map(line ->
                        new KnownSeries.OfLine(
                                line.name(),
                                texts(line, reading.notices(), today),
                                levels(line, reading.config()),
                                line.satisfaction()))
                .toList();
    }

    /** Whatever was agreed to on other lines can be withdrawn on a privacy line. */
    private static List<String> levels(LineConfig line, GatewayConfig config) {
        return line.dialog() == LineConfig.Dialog.PRIVACY
                ? config.levels().stream().map(LevelConfig::id).toList()
                : line.levels();
    }

    private static List<KnownSeries.OfText> texts(
            LineConfig line, NoticeLibrary notices, LocalDate today) {
        return line.dialog() == LineConfig.Dialog.PRIVACY
                ? List.of()
                : line.languages().stream()
                        .flatMap(language ->
                                notices.inForce(line.notice(), language, today).stream())
                        .map(notice -> new KnownSeries.OfText(notice.language(), notice.variant()))
                        .toList();
    }

    private static void showGauges(
            Gauges gauges, GatewayHealth health, Audio audio, Telephony telephony) {
        SipEndpoint sip = telephony.sip();
        gauges.build(version());
        health.show(gauges, audio.media());
        gauges.sip(sip::dialogs, sip::transactions);
        gauges.listening(() -> audio.recogniser().totals().listening());
    }

    /** From the manifest of the jar; empty where there is none. */
    static String version() {
        @Nullable String packaged = Monitoring.class.getPackage().getImplementationVersion();
        return packaged == null ? "" : packaged;
    }

    /**
     * A thread each: neither the load nor a withdrawal may wait for the store, none for the
     * verification of all of it or for all talks under a consent, and none for a server or a disk
     * that does not answer.
     *
     * @return those that ask the store
     */
    private static PeriodicTasks startTasks(
            OpenParts opening,
            Startup startup,
            Proof proof,
            MediaEngine media,
            Telephony telephony,
            Gauges gauges) {
        PeriodicTasks store = opening.add(new PeriodicTasks("store"));
        PeriodicTasks load = opening.add(new PeriodicTasks("load"));
        PeriodicTasks withdrawals = opening.add(new PeriodicTasks("withdrawals"));
        PeriodicTasks verification = opening.add(new PeriodicTasks("verification"));
        PeriodicTasks holders = opening.add(new PeriodicTasks("holders"));
        PeriodicTasks standby = opening.add(new PeriodicTasks("standby"));
        standby.every(Duration.ZERO, STANDBY, "standby", proof.ledger().standby()::look);
        PeriodicTasks conflicts = opening.add(new PeriodicTasks("witness conflicts"));
        conflicts.every(CONFLICTS, "witness conflicts", proof.ledger()::lookForResolution);
        verification.every(
                SETTLED, VERIFYING, "verification", () -> proof.ledger().verification().step());
        var busy = new CpuShare(startup.nanos());
        load.every(
                Duration.ofMillis(250),
                "load",
                () ->
                        telephony
                                .shedding()
                                .read(
                                        busy.read(),
                                        media.totals().paceLagNanos(),
                                        telephony.calls().active()));
        var heap = HeapAtRest.ofThisProcess(startup.nanos());
        load.every(Duration.ofSeconds(1), "heap", () -> heap.look(telephony.calls().active()));
        var code = CompiledCode.ofThisProcess(startup.nanos());
        load.every(Duration.ofMinutes(1), "compiled code", code::look);
        store.every(Duration.ofMinutes(1), "expiries", expiries(startup, proof));
        var untold = new UntoldHolders(proof.store(), proof.journal(), startup.ids());
        holders.every(
                Duration.ofMinutes(1),
                "untold holders",
                () -> untold.write(startup.expected().instant()));
        var retention =
                new RetentionRounds(
                        startup.clock()::isDoubtful,
                        startup.expected(),
                        proof.ledger()::eraseOutdated);
        gauges.retention(retention::lag);
        writing(
                opening,
                SETTLED,
                retention::run,
                LATE,
                proof.journal()::writeKept,
                proof.late()::look);
        withdrawals.every(
                Duration.ofSeconds(1),
                "withdrawals elsewhere",
                () -> proof.journal().inUse().look(proof.store()));
        return store;
    }

    /**
     * A thread each: the retention ends with a VACUUM, which takes as long as the tables are large,
     * and a withdrawal that is kept on this machine must not wait for it, nor for a disk that
     * hangs, nor anything else.
     *
     * @param settled how long until the first retention
     * @param pause between two tries to store what is kept, and between two looks
     * @param damage looks whether what could not be read of it is still there
     */
    static void writing(
            OpenParts opening,
            Duration settled,
            PeriodicTasks.Job retention,
            Duration pause,
            PeriodicTasks.Job lateRecords,
            PeriodicTasks.Job damage) {
        PeriodicTasks erasing = opening.add(new PeriodicTasks("retention"));
        erasing.every(settled, Duration.ofHours(1), "retention", retention);
        PeriodicTasks late = opening.add(new PeriodicTasks("late records"));
        late.every(pause, "late records", lateRecords);
        PeriodicTasks looking = opening.add(new PeriodicTasks("damaged records"));
        looking.every(pause, "damaged records", damage);
    }

    /** Most turns only look at the calls under way; they are many, so that nobody waits for one. */
    private static void callBacks(
            OpenParts opening,
            Startup startup,
            Proof proof,
            MediaEngine media,
            Telephony telephony,
            Meters meters) {
        var calls =
                new CallBackCalls(
                        telephony.sip(),
                        media,
                        startup.settings().advertisedMedia(),
                        (line, language, part) ->
                                spoken(
                                        startup.expected().instant(),
                                        telephony.reading().notices(),
                                        line,
                                        language,
                                        part),
                        startup.nanos());
        CallBackRounds rounds =
                opening.add(
                        new CallBackRounds(
                                proof.callBacks(),
                                calls,
                                new CallBackRounds.Here(
                                        () -> telephony.settings().callBacks(),
                                        telephony.calls()::underWay,
                                        () ->
                                                !telephony.calls().draining()
                                                        && !startup.clock().isDoubtful()),
                                result ->
                                        meters.count(
                                                Meter.CALL_BACKS,
                                                result.name()
                                                        .toLowerCase(Locale.ROOT)
                                                        .replace('_', '-')),
                                startup.expected(),
                                startup.nanos()));
        PeriodicTasks turns = opening.add(new PeriodicTasks("call-backs"));
        turns.every(Duration.ofMillis(500), "call backs", rounds::turn);
    }

    /** On the day of the line, as in the call in which it was asked for. */
    static CallBackPart spoken(
            Instant now,
            NoticeLibrary notices,
            CallBackTerms.OfLine line,
            String language,
            String part) {
        LocalDate today = LocalDate.ofInstant(now, line.zone());
        return notices.inForce(line.notice(), language, today).stream()
                .findFirst()
                .map(notice ->
                        new CallBackPart(
                                notice.texts().getOrDefault(part, ""),
                                List.of(notices.clip(notice, part))))
                .orElseGet(() -> new CallBackPart("", List.of()));
    }

    /** The first turn is done here: without a lease no caller is asked for anything. */
    private static void nodes(
            OpenParts opening, Startup startup, Proof proof, Telephony telephony, Meters meters) {
        var lost =
                new LostCalls(
                        proof.ledger(),
                        proof.store(),
                        proof.journal(),
                        startup.expected(),
                        new LostCalls.Terms(
                                startup.config().retention().served(),
                                startup.config().store().commitTimeout()));
        var watch =
                new NodeWatch(
                        proof.ledger().nodes(),
                        proof.life(),
                        lost,
                        telephony.ownCalls(),
                        telephony.ownTrunks(),
                        startup.nanos());
        new Gauges(meters).lease(proof.life()::holds);
        var totals = new Totals(meters);
        totals.follow(Meter.NODES_LOST, watch::nodesLost);
        totals.follow(Meter.CALLS_LOST, watch::callsLost);
        var turns = new PeriodicTasks("nodes");
        opening.add(turns);
        opening.add(() -> turns.now("end of the lease", watch::end));
        turns.now("nodes", watch::turn);
        turns.every(NodeWatch.TURN, "nodes", watch::turn);
        turns.every(NodeWatch.ANSWERED, "answered calls", watch::tellAnswered);
    }

    /** What the nodes of one store tell each other without it. */
    private static void others(OpenParts opening, Startup startup, Proof proof, Gauges gauges)
            throws IOException {
        NodeConfig node = startup.config().node();
        var endings =
                new AnnouncedEndings(
                        proof.journal(),
                        proof.ledger().pseudonyms(),
                        node.id(),
                        startup.expected(),
                        proof.others(),
                        proof.ledger()::confirmed);
        EndingAnnouncements announcements =
                opening.add(
                        EndingAnnouncements.start(
                                node.listen().map(HostPort::socketAddress),
                                node.others(),
                                endings,
                                proof.journal(),
                                startup.nanos()));
        gauges.others(proof.others()::silent, announcements::untold);
        var looks = opening.add(new PeriodicTasks("other nodes"));
        looks.every(
                OtherNodes.WORD,
                "what other nodes have confirmed",
                () -> proof.others().silentNow(startup.config().store().commitTimeout()));
    }

    private static void show(Gauges gauges, WaitingRequests requests) {
        for (SubjectRequest.Kind kind : SubjectRequest.Kind.values()) {
            for (boolean overdue : new boolean[] {false, true}) {
                gauges.requests(
                        kind.name().toLowerCase(Locale.ROOT),
                        overdue,
                        () -> requests.count(kind, overdue));
            }
        }
    }

    private static void show(Gauges gauges, WaitingTasks tasks) {
        for (Task.Kind kind : Task.Kind.values()) {
            for (boolean overdue : new boolean[] {false, true}) {
                gauges.tasks(
                        kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        overdue,
                        () -> tasks.count(kind, overdue));
            }
        }
    }

    private static PeriodicTasks.Job expiries(Startup startup, Proof proof) {
        var expiries = new Expiries(proof.store(), proof.journal(), startup.ids());
        return () -> {
            while (!startup.clock().isDoubtful()
                    && expiries.write(startup.expected().instant()) == Expiries.BATCH) {
                // the next batch
            }
        };
    }

    Scraped scraped(String accepted) {
        counters.read();
        Meters.Scrape scrape = listeners.meters().scrape(accepted);
        return new Scraped(scrape.contentType(), scrape.text());
    }

    @Override
    public void close() {
        parts.close();
    }
}
