package org.consentgateway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessibleObject;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.call.far.FarEnd;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.media.BridgeableLeg;
import org.consentgateway.media.MediaBridge;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.target.FarLeg;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The walls of the architecture: who may know whom. A new package needs a line here. */
class WallsTest {
    private static final String ROOT = "org.consentgateway";

    private static final JavaClasses OURS = ProductClasses.CLASSES;

    @ParameterizedTest(name = "{0} knows only: {1}")
    @CsvSource(
            textBlock =
                    """
                    media,
                    speech,     media
                    config,
                    consent,
                    experiment, call.spoken consent
                    picture,
                    source,
                    ledger,
                    notice,     call.spoken config consent speech media
                    call,       consent
                    sip,        media source
                    line,       target sip media speech call consent
                    target,     token tracing sip media call consent
                    socket,     connect target tracing trial sip media call consent
                    trial,      target token sip media call consent
                    token,      call consent ledger
                    web,        source token call consent ledger
                    metrics,    call consent
                    demo,       sip media
                    connect,    consent
                    cdr,        call consent
                    tracing,    call consent
                    webhook,    connect call consent ledger
                    statistics, call cdr consent experiment ledger picture
                    report,     ledger
                    browser,    call consent demo ledger line media speech web
                    language,   config speech
                    callback,   sip media call consent
                    settings,   admission api call callback cdr config connect console consent experiment language ledger media notice proof report sip socket speech target token tracing webhook
                    api,        experiment ledger proof report statistics web
                    console,    api ledger picture web
                    compliance, config consent notice settings sip target
                    admission,  call consent line media sip
                    reporting,  call config consent ledger media metrics settings sip socket speech target web
                    proof,      consent ledger
                    receipts,   api consent ledger proof web
                    announce,   consent proof web
                    review,     api notice settings speech
                    """)
    void aPackageKnowsOnlyWhatItsLineSays(String name, String known) {
        Stream<String> allowed =
                Stream.concat(
                        Stream.of(name),
                        known == null ? Stream.of() : Stream.of(known.split(" ", -1)));
        String[] packages = allowed.map(each -> ROOT + "." + each + "..").toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name + "..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ROOT + "..")
                                .and(DescribedPredicate.not(resideInAnyPackage(packages))))
                .allowEmptyShould(true)
                .check(OURS);
    }

    @ParameterizedTest(name = "sip.{0} knows of sip only: {1}")
    @CsvSource(
            textBlock =
                    """
                    message,
                    timer,
                    sdp,          message
                    dns,          message
                    auth,         message
                    trunk,        message sdp dns auth
                    capture,      message
                    counters,     message sdp trunk capture
                    screen,       message trunk counters
                    certificate,
                    transport,    message timer certificate dns trunk capture counters screen
                    registration, message dns auth trunk transport
                    dialog,       message sdp dns auth trunk counters screen transport registration
                    endpoint,     message certificate sdp auth trunk capture counters screen transport registration dialog
                    """)
    void aPackageOfSipKnowsOnlyThoseBelowIt(String name, String known) {
        Stream<String> allowed =
                Stream.concat(
                        Stream.of(name),
                        known == null ? Stream.of() : Stream.of(known.split(" ", -1)));
        String sip = ROOT + ".sip.";
        String[] packages = allowed.map(each -> sip + each + "..").toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(sip + name + "..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ROOT + ".sip..")
                                .and(DescribedPredicate.not(resideInAnyPackage(packages))))
                .check(OURS);
    }

    /** The command line reaches everything; all others are named above. */
    @Test
    void noPackageIsOutsideTheTable() {
        Set<String> packages = new TreeSet<>();
        for (JavaClass each : OURS) {
            if (!each.getPackageName().equals(ROOT)) {
                packages.add(firstStep(ROOT, each.getPackageName()));
            }
        }

        assertThat(packages)
                .isSubsetOf(
                        "media",
                        "speech",
                        "config",
                        "consent",
                        "ledger",
                        "notice",
                        "call",
                        "sip",
                        "source",
                        "line",
                        "target",
                        "token",
                        "socket",
                        "trial",
                        "web",
                        "metrics",
                        "demo",
                        "settings",
                        "language",
                        "connect",
                        "cdr",
                        "tracing",
                        "webhook",
                        "statistics",
                        "experiment",
                        "picture",
                        "report",
                        "api",
                        "console",
                        "compliance",
                        "admission",
                        "browser",
                        "reporting",
                        "proof",
                        "receipts",
                        "announce",
                        "callback",
                        "review",
                        "cli");
    }

    @Test
    void consentIsPureJava() {
        classes()
                .that()
                .resideInAPackage(ROOT + ".consent..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + ".consent..", "java..", "org.jspecify..")
                .check(OURS);
    }

    /** By when to answer, the day on a page: the same as on paper where the machine is on UTC. */
    @Test
    void noPageAndNoDeadlineDependsOnTheZoneOfTheMachine() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        ROOT,
                        ROOT + ".api..",
                        ROOT + ".console..",
                        ROOT + ".proof..",
                        ROOT + ".receipts..",
                        ROOT + ".statistics..",
                        ROOT + ".web..")
                .should()
                .callMethod(ZoneId.class, "systemDefault")
                .check(OURS);
    }

    private static final Set<String> MEETING =
            Set.of(ROOT + ".proof", ROOT + ".proof.nodes", ROOT + ".settings");

    /**
     * Log and domain know nothing of each other; they meet where a record becomes an entry, where
     * what a dead node has left becomes one, and in settings.
     */
    @Test
    void ledgerAndConsentMeetOnlyInProofAndWiring() {
        Predicate<JavaClass> ledger = resideInAPackage(ROOT + ".ledger..");
        Predicate<JavaClass> consent = resideInAPackage(ROOT + ".consent..");
        Stream<JavaClass> meeting =
                OURS.stream()
                        .filter(each -> knows(each, ledger) && knows(each, consent))
                        .filter(each -> !each.getPackageName().equals(ROOT))
                        .filter(each -> !MEETING.contains(each.getPackageName()));

        assertThat(meeting).isEmpty();
    }

    private static boolean knows(JavaClass each, Predicate<JavaClass> some) {
        return each.getDirectDependenciesFromSelf().stream()
                .anyMatch(dependency -> some.test(dependency.getTargetClass()));
    }

    @ParameterizedTest(name = "{0} only in {1}")
    @CsvSource(
            textBlock =
                    """
                    javax.sip..,        sip
                    org.xbill..,        sip
                    gov.nist..,         sip
                    io.netty..,         media.net socket webhook connect demo
                    com.dashjoin..,     webhook
                    org.jitsi..,        media.srtp
                    io.github.jaredmdobson.., media.opus
                    org.vosk..,         speech.vosk
                    com.sun.speech..,   speech.voice
                    io.javalin..,       web api console receipts announce
                    gg.jte..,           console
                    org.commonmark..,   console compliance
                    com.webauthn4j..,   console.passkey
                    com.samskivert..,   compliance
                    org.bouncycastle..,console.account
                    org.eclipse.jetty..,web
                    io.micrometer..,    metrics
                    java.sql..,         ledger
                    org.flywaydb..,     ledger
                    com.zaxxer..,       ledger
                    """)
    void aLibraryIsWalledIn(String library, String home) {
        String[] homes =
                Stream.of(home.split(" ", -1))
                        .map(each -> ROOT + "." + each + "..")
                        .toArray(String[]::new);
        noClasses()
                .that()
                .resideOutsideOfPackages(homes)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(OURS);
    }

    /** What of SIP others know is free of the stack; dialogs, sockets and messages are not. */
    @Test
    void whoeverKnowsTheStackIsKnownInSipOnly() {
        Predicate<JavaClass> stack = resideInAnyPackage("javax.sip..", "gov.nist..");
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".sip..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ROOT + ".sip..")
                                .and(describe("know the stack", each -> knows(each, stack))))
                .check(OURS);
    }

    /**
     * One use of media, SIP or the journal by which what a caller says could reach somebody past
     * the gate, and who alone may make it. Media and SIP use what is their own; the demonstration's
     * agents and the caller of a trial are the far end of a call, not the gateway.
     *
     * @param uses whether an access is such a use
     * @param by classes, by their names below the root
     */
    record Door(String what, Predicate<JavaAccess<?>> uses, List<String> by) {
        static Door to(Class<?> owner, String member, String what, String... by) {
            return new Door(
                    what,
                    access ->
                            access.getTarget().getName().equals(member)
                                    && access.getTargetOwner().isAssignableTo(owner),
                    List.of(by));
        }

        ArchRule rule() {
            return noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            ROOT + ".media..",
                            ROOT + ".sip..",
                            ROOT + ".demo..",
                            ROOT + ".trial.call..")
                    .and(describe("are not " + by, each -> !by.contains(file(each))))
                    .should()
                    .accessTargetWhere(describe(what, uses))
                    .as("only " + by + " may do this: " + what);
        }

        /** Name of the class that stands in a file of its own, below the root. */
        private static String file(JavaClass each) {
            return each.getName().substring(ROOT.length() + 1).replaceAll("\\$.*", "");
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static final Door JOIN =
            new Door("two legs are joined", WallsTest::joins, List.of("line.Gate"));

    static final Door LISTEN =
            Door.to(
                    BridgeableLeg.class,
                    "listen",
                    "a leg is listened to",
                    "line.TelephoneCaller",
                    "line.KeptBack",
                    "callback.CallBackCall"); // to keys alone: it takes no frames

    static final Door PLAY =
            Door.to(
                    BridgeableLeg.class,
                    "play",
                    "something is played to a leg",
                    "line.Prompts",
                    "callback.CallBackCall");

    static final Door CONNECT =
            Door.to(
                    MediaLeg.class,
                    "connect",
                    "a leg is told its peer",
                    "line.TelephoneCaller",
                    "target.SipDialling",
                    "callback.CallBackCall");

    static final Door ANSWER =
            Door.to(
                    IncomingCall.class,
                    "answer",
                    "a caller is told where to send audio",
                    "line.TelephoneCaller");

    static final Door REFER =
            Door.to(
                    IncomingCall.class,
                    "refer",
                    "a caller is sent to somebody else",
                    "target.SipTargets",
                    "target.AttendedTransfer");

    /** Its frames are the caller's, as soon as it is joined. */
    static final Door STREAM =
            Door.to(
                    MediaEngine.class,
                    "openStream",
                    "a party on a stream is made",
                    "socket.SocketAssistants");

    static final Door DIAL =
            Door.to(
                    SipEndpoint.class,
                    "dial",
                    "somebody is dialled",
                    "target.SipDialling",
                    "callback.CallBackCalls");

    static final Door PROVE =
            Door.to(
                    DurableGrant.class,
                    JavaConstructor.CONSTRUCTOR_NAME,
                    "a proof is made",
                    "consent.journal.ConsentJournal");

    /** Also by the constructors of those who extend it. */
    static final Door PERSON =
            Door.to(
                    HumanEnd.class,
                    JavaConstructor.CONSTRUCTOR_NAME,
                    "somebody is called a person",
                    "target.SipHumanEnd",
                    "target.SipTargets");

    static final Door OPEN =
            new Door("what is not accessible is made so", WallsTest::opens, List.of());

    static Stream<Door> doors() {
        return Stream.of(
                JOIN, LISTEN, PLAY, CONNECT, ANSWER, REFER, STREAM, DIAL, PROVE, PERSON, OPEN);
    }

    private static boolean joins(JavaAccess<?> access) {
        return access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
                && target.getRawReturnType().isAssignableTo(MediaBridge.class)
                && access.getTargetOwner().isAssignableTo(MediaEngine.class);
    }

    private static boolean opens(JavaAccess<?> access) {
        String name = access.getTarget().getName();
        return (access.getTargetOwner().isAssignableTo(AccessibleObject.class)
                        && (name.equals("setAccessible") || name.equals("trySetAccessible")))
                || (access.getTargetOwner().isAssignableTo(MethodHandles.class)
                        && name.equals("privateLookupIn"));
    }

    /** It hears and dials: nobody who serves callers may have it do so. */
    @Test
    void onlyTheCommandLineKnowsTheCallsOfATrial() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".trial.call..", ROOT + ".cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".trial.call..")
                .check(OURS);
    }

    @ParameterizedTest
    @MethodSource("doors")
    void whoeverHearsACallerHasPassedTheGate(Door door) {
        door.rule().check(OURS);
    }

    /** Package-private is no wall against a class of another module in a package of that name. */
    @Test
    void aPackageLiesInOneModule() {
        Map<String, Set<String>> modules = new TreeMap<>();
        ProductClasses.SOURCES
                .productFiles()
                .map(Path::toString)
                .forEach(file -> {
                    String[] parts = file.split("/src/main/java/", 2);
                    String where = parts[1].replaceAll("/[^/]*$", "");
                    modules.computeIfAbsent(where, _ -> new TreeSet<>()).add(parts[0]);
                });
        modules.values().removeIf(each -> each.size() == 1);
        assertThat(modules).isEmpty();
    }

    /** The story cannot tell, since it knows nothing of media; the gate needs it. */
    @Test
    void whateverIsDialledHasMedia() {
        classes()
                .that()
                .areAssignableTo(FarEnd.class)
                .and()
                .resideOutsideOfPackage(ROOT + ".call..")
                .should()
                .beAssignableTo(FarLeg.class)
                .check(OURS);
    }

    /** Time comes as an argument, so that a call of two minutes is told in milliseconds. */
    @Test
    void onlyTheEdgesReadClocksOrSleep() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".media.net..", ROOT + ".demo..", ROOT + ".cli..")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".Main")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".Gateway")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".settings.PartSettings")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".sip.transport.ClockAndDns")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".sip.timer.MonotonicAlarm")
                .should()
                .accessTargetWhere(describe("a clock is read", WallsTest::readsAClock))
                .check(OURS);
    }

    private static boolean readsAClock(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getFullName();
        String name = access.getTarget().getName();
        return switch (owner) {
            case "java.lang.System" -> name.equals("nanoTime") || name.equals("currentTimeMillis");
            case "java.lang.Thread" -> name.equals("sleep");
            case "java.time.Clock", "java.time.InstantSource" -> name.startsWith("system");
            default -> owner.startsWith("java.time.") && name.equals("now");
        };
    }

    /** A file whose octets are on the disk is lost all the same where its name is not. */
    @Test
    void whoeverNamesAFileOfRecordsHasTheNameOnTheDisk() {
        List<JavaMethod> naming =
                OURS.stream()
                        .filter(resideInAPackage(ROOT + ".proof.."))
                        .flatMap(each -> each.getMethods().stream())
                        .filter(each -> calls(each, FILES_NAMED))
                        .toList();
        assertThat(naming).isNotEmpty();
        assertThat(naming.stream().filter(each -> !calls(each, Set.of("force(Path)")))).isEmpty();
    }

    private static final Set<String> FILES_NAMED =
            Set.of(
                    "move(Path, Path, CopyOption[])",
                    "createFile(Path, FileAttribute[])",
                    "createDirectory(Path, FileAttribute[])",
                    "createDirectories(Path, FileAttribute[])");

    private static boolean calls(JavaMethod method, Set<String> signatures) {
        return method.getMethodCallsFromSelf().stream()
                .map(JavaMethodCall::getTarget)
                .map(target ->
                        target.getName()
                                + target.getRawParameterTypes().stream()
                                        .map(JavaClass::getSimpleName)
                                        .collect(Collectors.joining(", ", "(", ")")))
                .anyMatch(signatures::contains);
    }

    /** The first step below a package names a slice; the package itself is one, too. */
    private static SliceAssignment packagesOf(String parent) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass each) {
                String name = each.getPackageName();
                if (name.equals(parent)) {
                    return SliceIdentifier.of("itself");
                }
                return name.startsWith(parent + ".")
                        ? SliceIdentifier.of(firstStep(parent, name))
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return parent + " and the packages below it";
            }
        };
    }

    private static String firstStep(String parent, String packageName) {
        return packageName.substring(parent.length() + 1).replaceAll("\\..*", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".speech", ".consent", ".call", ".ledger", ".sip"})
    void packagesHaveNoCycles(String below) {
        slices().assignedFrom(packagesOf(ROOT + below)).should().beFreeOfCycles().check(OURS);
    }

    /** The types of media's façade stand in its own package, and what implements it knows them. */
    @Test
    void mediaHasNoCyclesBelowItsFacade() {
        slices().matching(ROOT + ".media.(*)..").should().beFreeOfCycles().check(OURS);
    }

    @Test
    void namesSayWhatThingsAre() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Data")
                .check(OURS);
    }

    @Test
    void everyPackageIsNullMarked() {
        Stream<JavaPackage> unmarked =
                OURS.stream()
                        .map(JavaClass::getPackage)
                        .distinct()
                        .filter(each -> !each.isAnnotatedWith(NullMarked.class));

        assertThat(unmarked).map(JavaPackage::getName).isEmpty();
    }
}
