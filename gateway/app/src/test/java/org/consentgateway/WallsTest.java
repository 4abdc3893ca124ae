package org.consentgateway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.consentgateway.call.far.FarEnd;
import org.consentgateway.target.FarLeg;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
                    ledger,
                    notice,     call.spoken config consent speech media
                    call,       consent
                    sip,        media
                    line,       target sip media speech call consent
                    target,     token sip media call consent
                    token,      call consent ledger
                    web,        token call consent ledger
                    metrics,    call consent
                    demo,       sip media
                    settings,   admission call config consent ledger media notice proof sip speech target token
                    admission,  call consent line media sip
                    reporting,  call config consent ledger media metrics settings sip speech target web
                    proof,      consent ledger
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
                    sdp,          message
                    dns,          message
                    auth,         message
                    trunk,        message sdp dns auth
                    counters,     message sdp trunk
                    screen,       message trunk counters
                    transport,    message dns trunk counters screen
                    registration, message dns auth trunk transport
                    dialog,       message sdp dns auth trunk counters transport registration
                    endpoint,     message sdp auth trunk counters screen transport registration dialog
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
                        "line",
                        "target",
                        "token",
                        "web",
                        "metrics",
                        "demo",
                        "settings",
                        "admission",
                        "reporting",
                        "proof",
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

    private static final Set<String> MEETING = Set.of(ROOT + ".proof", ROOT + ".settings");

    /**
     * Log and domain know nothing of each other; they meet where a record becomes an entry, and in
     * settings.
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
                    io.netty..,         media.net
                    org.jitsi..,        media.srtp
                    org.vosk..,         speech.vosk
                    com.sun.speech..,   speech.voice
                    io.javalin..,       web
                    org.eclipse.jetty..,web
                    io.micrometer..,    metrics
                    java.sql..,         ledger
                    org.flywaydb..,     ledger
                    com.zaxxer..,       ledger
                    """)
    void aLibraryIsWalledIn(String library, String home) {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "." + home + "..")
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
     * Whoever hears a caller has passed the gate. The demonstration's agents are the far end of a
     * call, not the gateway: they send their callers back to themselves as an echo.
     */
    static final ArchRule ONLY_THE_GATE_JOINS_TWO_LEGS =
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName(ROOT + ".line.Gate")
                    .and()
                    .resideOutsideOfPackages(ROOT + ".media..", ROOT + ".demo..")
                    .should()
                    .accessTargetWhere(describe("two legs are joined", WallsTest::joinsLegs));

    private static boolean joinsLegs(JavaAccess<?> access) {
        return access.getTargetOwner().getPackageName().startsWith(ROOT + ".media")
                && access.getTarget().getName().equals("bridge");
    }

    @Test
    void onlyTheGateJoinsTwoLegs() {
        ONLY_THE_GATE_JOINS_TWO_LEGS.check(OURS);
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
