package org.consentgateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.consentgateway.api.ApiGuard;
import org.consentgateway.api.ApiRoute;
import org.consentgateway.api.ApiRoutes;
import org.consentgateway.api.ApiServer;
import org.consentgateway.api.access.AccessRecords;
import org.consentgateway.api.access.ApiCredentials;
import org.consentgateway.api.access.ApiKeys;
import org.consentgateway.api.access.KeysAndTokens;
import org.consentgateway.api.access.SessionTokens;
import org.consentgateway.api.audit.ComplianceRoutes;
import org.consentgateway.api.audit.ProofRoutes;
import org.consentgateway.api.call.CallDetailRoutes;
import org.consentgateway.api.call.HeardTexts;
import org.consentgateway.api.call.RunningCalls;
import org.consentgateway.api.experiment.ExperimentRoutes;
import org.consentgateway.api.oidc.OidcTerms;
import org.consentgateway.api.oidc.OidcTokens;
import org.consentgateway.api.oidc.ProviderDocuments;
import org.consentgateway.api.oidc.ProviderKeys;
import org.consentgateway.api.operation.HourRoutes;
import org.consentgateway.api.operation.PeerRoutes;
import org.consentgateway.api.operation.SettingRoutes;
import org.consentgateway.api.request.RequestRoutes;
import org.consentgateway.api.text.TextRoutes;
import org.consentgateway.api.text.VariantRoutes;
import org.consentgateway.compliance.CompliancePack;
import org.consentgateway.connect.ClientTls;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.request.AnswerDeadline;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.entry.LocalTimes;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.proof.LedgerRequests;
import org.consentgateway.proof.LedgerTasks;
import org.consentgateway.proof.OperatorRequests;
import org.consentgateway.proof.OperatorWithdrawals;
import org.consentgateway.proof.StoredRequests;
import org.consentgateway.proof.TaskRegister;
import org.consentgateway.proof.desk.OperatorAnswers;
import org.consentgateway.proof.imports.ConsentImport;
import org.consentgateway.report.CustomerReports;
import org.consentgateway.review.KnownCertificates;
import org.consentgateway.review.VariantTrial;
import org.consentgateway.review.WrittenTexts;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.RecordSettings;
import org.consentgateway.settings.oidc.OidcConfig;
import org.consentgateway.settings.oidc.OidcSettings;
import org.consentgateway.settings.store.CallRecordFiles;
import org.consentgateway.statistics.today.DecisionHours;
import org.consentgateway.statistics.today.TodaySeen;
import org.consentgateway.web.Diagnosis;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What other systems may ask and do. */
final class RestApi {
    private static final Logger LOG = LoggerFactory.getLogger(RestApi.class);

    /** How long an answer waits for the record of it. */
    private static final Duration RECORDED = Duration.ofSeconds(10);

    /** How often the store is offered who has changed something while it was away. */
    private static final Duration LATE = Duration.ofSeconds(5);

    private RestApi() {}

    /** How long whoever shows a token waits for the keys of its issuer. */
    private static final Duration PUBLISHED = Duration.ofSeconds(5);

    /**
     * @param opening takes what has to be closed
     */
    static ApiServer open(
            Startup startup,
            InetSocketAddress at,
            Inside inside,
            SessionTokens sessions,
            OpenParts opening)
            throws IOException {
        GatewayConfig config = startup.config();
        Proof proof = inside.proof();
        var requests = new LedgerRequests(proof.ledger(), config.store().location());
        var tasks =
                new LedgerTasks(
                        proof.ledger(),
                        config.store().location(),
                        new RecordSettings(config).tasks());
        Supplier<AnswerDeadline> deadline = () -> deadline(inside, now(startup));
        var taking = new OperatorRequests(requests, startup.ids(), deadline);
        var desk =
                new ApiRoutes.Desk(
                        new OperatorWithdrawals(proof.ledger().reader(), proof.journal()),
                        inside.imports(),
                        taking,
                        new TaskRegister(proof.ledger().reader(), tasks, startup.ids()),
                        new CustomerReports(
                                proof.ledger().reader(),
                                proof.ledger().pseudonyms(),
                                startup.settings().reports()));
        var calls = new OfThisNode(inside.telephony());
        var routes =
                new ApiRoutes(
                        proof.ledger(),
                        () -> LedgerArchive.open(startup.settings().ledger()),
                        desk,
                        new ApiRoutes.ThisNode(
                                calls,
                                inside.monitoring().health()::status,
                                inside.monitoring().listeners().seen()),
                        more(startup, inside, taking, calls));
        var guard =
                new ApiGuard(
                        sessions.beside(credentials(startup, proof, opening)),
                        recordsOfAccess(startup, proof, opening),
                        startup.expected(),
                        startup.clock(),
                        config.api().requestsPerSecond());
        return opening.add(ApiServer.start(at, routes, guard));
    }

    private static List<ApiRoute> more(
            Startup startup, Inside inside, OperatorRequests taking, RunningCalls calls) {
        Proof proof = inside.proof();
        var requests =
                new RequestRoutes(
                        taking,
                        new OperatorAnswers(stored(startup, inside)),
                        proof.ledger().pseudonyms());
        var audit =
                new ProofRoutes(
                        proof.ledger(), () -> LedgerArchive.open(startup.settings().ledger()));
        var texts =
                new TextRoutes(
                        new WrittenTexts(
                                () -> inside.telephony().reading().settings().texts(now(startup)),
                                () -> inside.telephony().config().languages().directory()),
                        () -> LedgerArchive.open(startup.settings().ledger()));
        var variants =
                new VariantRoutes(
                        new VariantTrial(
                                () -> inside.telephony().reading().settings().texts(now(startup)),
                                () -> inside.telephony().config()));
        var settings =
                new SettingRoutes(() ->
                        startup.shown().all().stream()
                                .map(one ->
                                        new SettingRoutes.KnownSetting(
                                                one.key(), one.value(), one.line(), one.meaning()))
                                .toList());
        var counsel =
                new ComplianceRoutes(language ->
                        documents(inside.telephony().reading(), now(startup), language));
        var experiments =
                new ExperimentRoutes(
                        () -> inside.telephony().reading().settings().experiments(),
                        () -> LedgerArchive.open(startup.settings().ledger()));
        return Stream.of(
                        requests.all(),
                        audit.all(),
                        ofThisNode(startup, inside, calls),
                        texts.all(),
                        variants.all(),
                        experiments.all(),
                        settings.all(),
                        counsel.all())
                .flatMap(List::stream)
                .toList();
    }

    /** Whom it speaks with, how its calls went, and how the day goes beside it. */
    private static List<ApiRoute> ofThisNode(Startup startup, Inside inside, RunningCalls calls) {
        LogReader reader = inside.proof().ledger().reader();
        TodaySeen seen = inside.monitoring().listeners().seen();
        var peers =
                new PeerRoutes(
                        inside.peers(),
                        calls,
                        seen.quality(),
                        () -> KnownCertificates.of(inside.telephony().config()));
        var oneCall =
                new CallDetailRoutes(
                        calls,
                        seen.steps(),
                        new HeardTexts(
                                reader, () -> LedgerArchive.open(startup.settings().ledger())),
                        inside.peers());
        var hours = new HourRoutes(new DecisionHours(reader, startup.expected(), LocalTimes.ZONE));
        return Stream.of(peers.all(), oneCall.all(), hours.all()).flatMap(List::stream).toList();
    }

    /** As scripts/gateway compliance render writes them, of what callers hear. */
    private static List<ComplianceRoutes.Document> documents(
            ConfigReading reading, ZonedDateTime now, String language) throws IOException {
        GatewayConfig config = reading.config();
        return new CompliancePack(config.compliance().directory())
                .of(CounselSubject.of(config, reading.notices(), now), language).stream()
                        .map(each ->
                                new ComplianceRoutes.Document(
                                        each.name(),
                                        each.title(),
                                        each.markdown(),
                                        each.html(),
                                        each.missing()))
                        .toList();
    }

    /** As they are answered on the command line, beside this gateway. */
    private static StoredRequests stored(Startup startup, Inside inside) {
        GatewayConfig config = startup.config();
        return new StoredRequests(
                startup.settings().ledger(),
                startup.expected(),
                new StoredRequests.Terms(
                        config.store().location(),
                        config.languages().answers(),
                        () -> deadline(inside, now(startup)),
                        config.receipts().page(),
                        new CallRecordFiles(config.cdr())));
    }

    /** Whom it asks. */
    record Inside(
            Proof proof,
            Telephony telephony,
            ConsentImport imports,
            Monitoring monitoring,
            Diagnosis peers) {}

    /** For who reads and changes what. */
    static AccessRecords records(Startup startup, Proof proof) {
        return new AccessRecords(proof.ledger(), startup.expected(), RECORDED);
    }

    /** The same of the API, which tells what waits on this disk before it is recorded who asked. */
    private static AccessRecords recordsOfAccess(Startup startup, Proof proof, OpenParts opening) {
        AccessRecords records = records(startup, proof);
        opening.add(records::end);
        opening.add(new PeriodicTasks("late accesses"))
                .every(LATE, "late accesses", records::offerAgain);
        return records;
    }

    private static ApiCredentials credentials(Startup startup, Proof proof, OpenParts opening)
            throws IOException {
        var keys = new ApiKeys(proof.ledger().reader(), startup.clock());
        opening.add(new PeriodicTasks("keys"))
                .every(Duration.ZERO, ApiKeys.REFRESH, "API keys", keys::refresh);
        OidcConfig oidc = startup.config().api().oidc();
        Optional<OidcTerms> terms = OidcSettings.of(oidc);
        if (terms.isEmpty()) {
            return keys;
        }
        var documents = opening.add(provider(terms.get().issuer(), oidc.roots()));
        var published = new ProviderKeys(documents, startup.clock(), startup.nanos(), "API keys");
        published.readFirst();
        return new KeysAndTokens(keys, new OidcTokens(terms.get(), published, startup.clock()));
    }

    /**
     * What an identity provider publishes.
     *
     * @param roots authorities to believe; none: those of the Java runtime
     */
    static ProviderDocuments provider(URI issuer, List<Path> roots) throws IOException {
        Optional<SSLContext> tls =
                roots.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                ClientTls.of(roots, Optional.empty(), Optional.empty()).context());
        return new ProviderDocuments(issuer, tls, PUBLISHED);
    }

    /** By the laws of the texts by which calls go, also after a reload. */
    private static AnswerDeadline deadline(Inside inside, ZonedDateTime now) {
        ConfigReading reading = inside.telephony().reading();
        return new AnswerDeadline(
                NoticeReport.answerTimes(reading.notices(), reading.settings().noticeUse(now)),
                LocalTimes.ZONE);
    }

    private static ZonedDateTime now(Startup startup) {
        return startup.expected().instant().atZone(LocalTimes.ZONE);
    }

    /** The calls of this process. */
    private static final class OfThisNode implements RunningCalls {
        private final Telephony telephony;
        private final AtomicBoolean draining = new AtomicBoolean();

        OfThisNode(Telephony telephony) {
            this.telephony = telephony;
        }

        @Override
        public List<RunningCall> all() {
            return telephony.calls().underWay().stream().map(OfThisNode::call).toList();
        }

        private static RunningCall call(CallFacts facts) {
            return new RunningCall(facts.callId(), facts.line(), facts.trunk(), facts.answeredAt());
        }

        @Override
        public boolean end(UUID call) {
            return telephony.calls().end(call);
        }

        @Override
        public boolean ask(UUID call, String purpose) {
            return telephony.calls().ask(call, new Purpose(purpose));
        }

        @Override
        public void drain() {
            if (draining.getAndSet(true)) {
                return;
            }
            Thread.ofVirtual()
                    .name("drain")
                    .start(() -> {
                        try {
                            telephony.drain();
                            LOG.info("drained, as the API has asked: no call is under way");
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
        }

        @Override
        public boolean draining() {
            return telephony.calls().draining();
        }
    }
}
