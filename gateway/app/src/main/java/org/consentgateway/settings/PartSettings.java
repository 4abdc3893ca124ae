package org.consentgateway.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.consentgateway.admission.AdmissionControl;
import org.consentgateway.admission.DialPlan;
import org.consentgateway.admission.EmergencyNumbers;
import org.consentgateway.admission.LoadShedding;
import org.consentgateway.admission.TrunkLoad;
import org.consentgateway.call.Line;
import org.consentgateway.call.answer.AnswerTiming;
import org.consentgateway.call.far.OpeningHours;
import org.consentgateway.callback.CallBackTerms;
import org.consentgateway.cdr.CallDetailRecords;
import org.consentgateway.config.ConfigFile;
import org.consentgateway.connect.TextMessages;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Purpose;
import org.consentgateway.experiment.Experiment;
import org.consentgateway.language.LanguageFiles;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.notice.DataUse;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.notice.TextSources;
import org.consentgateway.report.CustomerReports;
import org.consentgateway.report.MailServer;
import org.consentgateway.settings.callback.CallBackSettings;
import org.consentgateway.settings.credential.GivenSecret;
import org.consentgateway.settings.experiment.ExperimentSettings;
import org.consentgateway.settings.report.ReportSettings;
import org.consentgateway.settings.report.ReportsConfig;
import org.consentgateway.settings.witness.WitnessSettings;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.socket.SocketTarget;
import org.consentgateway.speech.KeysOnly;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.speech.SpeechSettings;
import org.consentgateway.speech.voice.VoiceSettings;
import org.consentgateway.speech.vosk.SpokenLanguage;
import org.consentgateway.speech.vosk.VoskRecogniser;
import org.consentgateway.speech.words.Lexicons;
import org.consentgateway.target.CallerShown;
import org.consentgateway.target.SipTarget;
import org.consentgateway.target.Transfer;
import org.consentgateway.token.ConsentTokens;
import org.consentgateway.tracing.CallTraces;
import org.consentgateway.webhook.Announcements;

/** Immutable. The configuration as the parts want it. */
public final class PartSettings {
    /** Checked by whoever holds an old checkpoint of ours: do not change in a running system. */
    private static final String LOG_ORIGIN = "consent-gateway/log";

    private static final int COMMIT_BATCH = 256;
    private static final int COMMIT_QUEUE = 4096;
    private static final long MEGABYTE = 1_000_000;

    private final GatewayConfig config;
    private final Announcements announcements;

    public PartSettings(GatewayConfig config) {
        this.config = config;
        this.announcements = new Announcements(WebhookSettings.of(config));
    }

    /** Who is told what has happened: always the same. */
    public Announcements announcements() {
        return announcements;
    }

    /** URL that the logs are named under for those who are told. */
    public String source() {
        return issuer(config);
    }

    public VoiceSettings voice() {
        return new VoiceSettings(
                config.prompts().directory(),
                config.prompts().cache(),
                config.prompts().synthesis() != GatewayConfig.Synthesis.OFF,
                LanguageFiles.of(config.languages().directory()));
    }

    /**
     * Keys only where speech is switched off; a model that is missing is the recogniser's to say.
     */
    public Recogniser recogniser(LongSupplier nanos) {
        GatewayConfig.Speech speech = config.speech();
        if (!speech.enabled()) {
            return new KeysOnly();
        }
        Path lexicon = config.lexicon().directory();
        Path bundled = bundledModels();
        Map<String, Path> models = new HashMap<>();
        speech.models()
                .forEach((language, model) ->
                        models.put(
                                language,
                                model.equals(SpeechSettings.BUNDLED)
                                        ? bundled.resolve(
                                                SpeechSettings.BUNDLED_FOLDERS.getOrDefault(
                                                        language, language))
                                        : ConfigFile.home().resolve(model)));
        return VoskRecogniser.open(
                new SpeechSettings(
                        models,
                        lexicon,
                        new SpeechSettings.VerifierSettings(
                                bundled.resolve(SpeechSettings.VerifierSettings.FOLDER),
                                speech.verify()),
                        speech.workers(),
                        new SpeechSettings.Limits(
                                speech.maxListening(), speech.maxListeningInTalks()),
                        SpeechSettings.DEFAULT_DEADLINE),
                nanos);
    }

    /** What hears the language of a recording; it need not be there. */
    public Path sounds() {
        return bundledModels().resolve(SpokenLanguage.FOLDER);
    }

    private Path bundledModels() {
        return config.lexicon().directory().resolveSibling("models");
    }

    /**
     * What callers may type.
     *
     * @throws IOException saying file and key where a lexicon cannot be read
     */
    public Lexicons lexicons() throws IOException {
        return Lexicons.load(config.lexicon().directory());
    }

    /**
     * @param now on its day the dates of review are held against; a line is where its zone is
     */
    public TextSources texts(ZonedDateTime now) {
        return new TextSources(config.notices().directory(), voice(), noticeUse(now));
    }

    /** What the configuration alone says of them, whatever their files do. */
    public NoticeUse noticeUse(ZonedDateTime now) {
        Map<String, LevelConfig> levels = new HashMap<>();
        config.levels().forEach(level -> levels.put(level.id(), level));
        List<NoticeUse.Speaking> lines =
                config.lines().stream()
                        .map(line ->
                                new NoticeUse.Speaking(
                                        line.name(),
                                        new NoticeUse.LineTexts(
                                                line.notice(),
                                                line.languages(),
                                                now.withZoneSameInstant(line.zone()).toLocalDate()),
                                        line.dialog().name().toLowerCase(Locale.ROOT),
                                        line.levels().stream()
                                                .map(id ->
                                                        level(
                                                                Objects.requireNonNull(
                                                                        levels.get(id))))
                                                .toList(),
                                        line.confirmBy() == LineConfig.ConfirmBy.CALL_BACK))
                        .toList();
        return new NoticeUse(
                lines,
                config.demo().agents(),
                now.toLocalDate(),
                dataUse(),
                ExperimentSettings.compared(experiments()));
    }

    public List<Experiment> experiments() {
        return ExperimentSettings.of(config.experiments(), config.lines());
    }

    /**
     * @param done told of each text message whether it was taken to be sent
     * @throws IOException where a file has no secret in it any more
     */
    public Optional<TextMessages> textMessages(Consumer<Boolean> done, LongSupplier nanos)
            throws IOException {
        GatewayConfig.Messages messages = config.messages();
        String token =
                read(() -> GivenSecret.of(messages.token(), messages.tokenFile()).orElse(""));
        return messages.url()
                .map(url -> new TextMessages(url, token, messages.texts(), done, nanos));
    }

    public CustomerReports.Terms reports() {
        return ReportSettings.terms(
                config.reports(), config.languages().directory(), ZoneId.systemDefault());
    }

    /**
     * @throws IOException where no mail server is configured
     */
    public MailServer.At mailServer() throws IOException {
        ReportsConfig.Mail mail = config.reports().mail();
        return ReportSettings.mailServer(
                mail, read(() -> GivenSecret.of(mail.password(), mail.passwordFile()).orElse("")));
    }

    public Optional<CallDetailRecords.Settings> cdr() {
        GatewayConfig.Cdr cdr = config.cdr();
        return cdr.directory()
                .map(directory ->
                        new CallDetailRecords.Settings(
                                directory,
                                config.node().id(),
                                cdr.formats(),
                                cdr.maxMegabytes() * MEGABYTE,
                                cdr.keep(),
                                cdr.caller() == GatewayConfig.CdrCaller.PSEUDONYM));
    }

    /**
     * @param version of this process
     */
    public Optional<CallTraces.Settings> traces(String version) {
        return config.traces()
                .endpoint()
                .map(to -> new CallTraces.Settings(to, config.node().id(), version));
    }

    /** What the second layer of the notices has to say. */
    private DataUse dataUse() {
        ProcessingConfig processing = config.processing();
        Map<String, Period> kept = new HashMap<>();
        processing.purposes().forEach(one -> kept.put(one.purpose(), one.kept()));
        return new DataUse(
                processing.recipients().stream()
                        .map(one ->
                                new DataUse.Recipient(
                                        one.name(), one.spoken(), one.country(), one.purposes()))
                        .toList(),
                kept,
                config.messages().url().isPresent()
                        ? List.copyOf(config.messages().texts().keySet())
                        : List.of());
    }

    /** Where the demo agents' sentences are. */
    public Path demoSentences() {
        return config.prompts().directory().resolve("demo");
    }

    public LedgerSettings ledger() {
        GatewayConfig.Store store = config.store();
        return new LedgerSettings(
                        store.url().text(),
                        store.keys(),
                        config.node().id(),
                        store.origin().map(domain -> domain + "/log").orElse(LOG_ORIGIN),
                        new LedgerSettings.Checkpoints(
                                store.checkpoints().entries(),
                                store.checkpoints().interval(),
                                store.checkpoints().export(),
                                WitnessSettings.policy(store.witnesses(), store.quorum())),
                        new LedgerSettings.Limits(
                                COMMIT_BATCH, COMMIT_QUEUE, store.commitTimeout()))
                .withAnnouncing(announcements)
                .withArchive(store.archive().orElse(null));
    }

    public MediaSettings media() {
        GatewayConfig.Media media = config.media();
        return new MediaSettings(
                media.address(),
                media.ports().first(),
                media.ports().last(),
                media.quarantine(),
                media.silenceAfter(),
                0,
                media.opusLegs(),
                media.dscp().trafficClass());
    }

    /** What others are told to send their RTP to. */
    public UnaryOperator<InetSocketAddress> advertisedMedia() {
        return config.media()
                .advertisedAddress()
                .<UnaryOperator<InetSocketAddress>>map(
                        address -> local -> new InetSocketAddress(address, local.getPort()))
                .orElse(UnaryOperator.identity());
    }

    /**
     * @param openMedia whether a media port of ours is in use
     * @throws IOException where a file has no secret in it any more
     */
    public SipSettings sip(IntPredicate openMedia) throws IOException {
        return read(() -> SipConfiguration.settings(config, openMedia));
    }

    private static <T> T read(Supplier<T> files) throws IOException {
        try {
            return files.get();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Also where the rules of a file are looked at, before there are settings. */
    static EmergencyNumbers emergency(GatewayConfig config) {
        Set<String> countries = new HashSet<>();
        config.trunks().forEach(trunk -> countries.add(trunk.numbering().country()));
        return new EmergencyNumbers(config.sip().emergencyNumbers(), countries);
    }

    public AdmissionControl admissionControl(TrunkLoad trunks, LoadShedding shedding) {
        return new AdmissionControl(
                trunks, shedding, (int) config.limits().retryAfter().toSeconds());
    }

    public TrunkLoad trunkLoad(LongSupplier nanos) {
        return new TrunkLoad(trunkLimits(), nanos);
    }

    private Map<String, TrunkLoad.Limits> trunkLimits() {
        return config.trunks().stream()
                .collect(
                        Collectors.toUnmodifiableMap(
                                TrunkConfig::name,
                                trunk ->
                                        new TrunkLoad.Limits(
                                                trunk.maxCalls(), trunk.invitesPerSecond())));
    }

    /** What new calls are held to. */
    public AdmissionControl.Limits limits() {
        GatewayConfig.Limits limits = config.limits();
        return new AdmissionControl.Limits(
                limits.calls(),
                limits.callsPerLine(),
                trunkLimits(),
                limits.busyPercent(),
                limits.audioLag().toNanos(),
                (int) limits.retryAfter().toSeconds());
    }

    public LoadShedding shedding() {
        return new LoadShedding(
                config.limits().busyPercent(), config.limits().audioLag().toNanos());
    }

    public ConsentTokens.Terms tokens() {
        return new ConsentTokens.Terms(issuer(config), config.tokens().lifetime());
    }

    /** Without a slash at its end. */
    static String issuer(GatewayConfig config) {
        return config.tokens()
                .issuer()
                .map(URI::toString)
                .orElseGet(() -> "http://" + config.web().listen())
                .replaceFirst("/+$", "");
    }

    /**
     * @throws IOException where a file has no secret in it any more
     */
    public List<SipTarget> assistants() throws IOException {
        return read(this::assistantsBySip);
    }

    private List<SipTarget> assistantsBySip() {
        return config.assistants().stream()
                .filter(a -> a.uri().isPresent())
                .map(a ->
                        new SipTarget(
                                a.name(),
                                places(a),
                                a.ringTimeout(),
                                a.trunk().orElse(""),
                                SipConfiguration.login(a.authentication()),
                                a.srtp(),
                                a.opus(),
                                a.callerId(),
                                a.diversion(),
                                Transfer.BRIDGE,
                                a.refer() == AssistantConfig.Refer.HUMAN,
                                OpeningHours.ALWAYS))
                .toList();
    }

    private static List<SipTarget.At> places(AssistantConfig assistant) {
        List<SipTarget.At> places = new ArrayList<>();
        assistant
                .uri()
                .ifPresent(
                        uri -> places.add(new SipTarget.At(uri.toString(), 1, assistant.weight())));
        assistant
                .more()
                .forEach(one ->
                        places.add(
                                new SipTarget.At(one.uri().toString(), one.order(), one.weight())));
        return List.copyOf(places);
    }

    /**
     * @throws IOException where a certificate has become unreadable
     */
    public List<SocketTarget> sockets() throws IOException {
        List<SocketTarget> sockets = new ArrayList<>();
        for (AssistantConfig each : config.assistants()) {
            if (each.url().isPresent()) {
                sockets.add(SocketSettings.of(each, each.url().get()));
            }
        }
        return sockets;
    }

    /** Of the assistants that are reached by a WebSocket. */
    public List<AssistantAccount> assistantAccounts() {
        return config.assistants().stream()
                .filter(each -> each.url().isPresent())
                .map(each ->
                        new AssistantAccount(
                                SocketSettings.account(each.name()),
                                each.name(),
                                () -> SocketAccess.authToken(each.socket()),
                                each.refer() == AssistantConfig.Refer.HUMAN))
                .toList();
    }

    public List<SipTarget> humans() {
        return config.humans().stream()
                .map(h ->
                        new SipTarget(
                                h.name(),
                                List.of(new SipTarget.At(h.uri().toString(), 1, 1)),
                                h.ringTimeout(),
                                h.trunk().orElse(""),
                                Optional.empty(),
                                h.srtp(),
                                false,
                                new CallerShown.Never(),
                                true,
                                h.transfer(),
                                false,
                                OpeningHours.of(h.hours(), h.holidays())))
                .toList();
    }

    /** Names of the trunks whose callers' side may say in which language a call begins. */
    public Set<String> askingForLanguages() {
        return config.trunks().stream()
                .filter(TrunkConfig::acceptLanguage)
                .map(TrunkConfig::name)
                .collect(Collectors.toSet());
    }

    public DialPlan dialPlan() {
        Map<String, LevelConfig> levels =
                config.levels().stream().collect(Collectors.toMap(LevelConfig::id, level -> level));
        List<DialPlan.Extension> extensions =
                config.lines().stream()
                        .map(line ->
                                new DialPlan.Extension(
                                        line(line, levels), Set.copyOf(line.trunks())))
                        .toList();
        return new DialPlan(extensions, emergency(config));
    }

    /** Who is called back, and by which way. */
    public CallBackTerms callBacks() {
        return CallBackSettings.of(config);
    }

    private static Line line(LineConfig line, Map<String, LevelConfig> levels) {
        AnswerTiming timing = AnswerTiming.DEFAULT.withFirstInput(line.firstInput());
        return new Line(
                line.name(),
                Set.copyOf(line.numbers()),
                line.notice(),
                line.languages(),
                new Line.QuestionPlan(
                        line.dialog() == LineConfig.Dialog.MENU
                                ? Line.Dialog.MENU
                                : Line.Dialog.LADDER,
                        line.repeats(),
                        line.furtherQuestions(),
                        remember(line.remember())),
                line.levels().stream()
                        .map(id -> level(Objects.requireNonNull(levels.get(id))))
                        .toList(),
                line.assistant().orElse(""),
                line.humans(),
                line.dialog() == LineConfig.Dialog.PRIVACY,
                line.confirmation(),
                new Line.Service(
                        line.satisfaction(),
                        line.callBack(),
                        line.disclosureEvery().isZero() ? null : line.disclosureEvery(),
                        line.confirmBy() == LineConfig.ConfirmBy.CALL_BACK
                                ? new Line.CallingBack(line.confirmNumbers())
                                : null),
                line.withdrawalKey(),
                line.renewalWindow(),
                line.zone(),
                timing);
    }

    private static Line.Remember remember(LineConfig.Remember remember) {
        return switch (remember) {
            case ASK -> Line.Remember.ASK;
            case BASIS -> Line.Remember.BASIS;
            case NEVER -> Line.Remember.NEVER;
        };
    }

    static Level level(LevelConfig level) {
        List<Purpose> purposes = level.purposes().stream().map(Purpose::new).toList();
        return Level.of(
                level.id(),
                purposes,
                level.validity(),
                level.retention(),
                level.withdrawalPhrase());
    }
}
