package org.consentgateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.consentgateway.call.Caller;
import org.consentgateway.line.TelephoneCaller;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.speech.Recogniser;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the README promises: a call that forwards a caller without proof does not compile. Each
 * forbidden line is given to the compiler against the product's own classes, in the package where
 * somebody would write it, and so is the allowed line beside it: the two differ in nothing else.
 */
class ForbiddenLinesTest {
    private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();

    /** All that somebody who writes a call has at hand. */
    private static final String AT_HAND =
            """
            import java.util.UUID;
            import java.util.function.Consumer;
            import org.consentgateway.call.*;
            import org.consentgateway.call.far.*;
            import org.consentgateway.call.signal.*;
            import org.consentgateway.call.spoken.*;
            import org.consentgateway.consent.*;
            import org.consentgateway.consent.journal.*;
            import org.consentgateway.media.*;
            import org.consentgateway.sip.dialog.*;
            import org.consentgateway.sip.endpoint.*;

            abstract class Fixture {
                Caller caller;
                Assistant assistant;
                AssistantEnd assistantEnd;
                HumanTarget human;
                HumanEnd humanEnd;
                Grant given;
                DurableGrant grant;
                Reminder reminder;
                Consumer<ConsentWithdrawn> withdrawn;
                CallFacts facts;
                MediaEngine media;
                MediaLeg leg;
                MediaLeg far;
            """;

    @TempDir private Path classes;

    /**
     * @param place package, and "expression" or "declaration"
     * @param error what the compiler must say to the forbidden line
     */
    record Pair(String name, String place, String allowed, String forbidden, String error) {
        String source(String line) {
            String[] parts = place.split(" ", 2);
            String gate = parts[0].equals("line") ? "    Gate gate;\n" : "";
            String body =
                    parts[1].equals("expression")
                            ? "    Object line() throws Exception { return " + line + "; }\n}\n"
                            : "}\n" + line + "\n";
            return "package org.consentgateway." + parts[0] + ";\n" + AT_HAND + gate + body;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Pair> pairs() {
        return Stream.concat(byWhomIsHeard(), byProof());
    }

    private static Stream<Pair> byWhomIsHeard() {
        return Stream.of(
                new Pair(
                        "an assistant is not talked to as a person",
                        "call expression",
                        "caller.converse(assistantEnd, grant, reminder)",
                        "caller.talk(assistantEnd, withdrawn)",
                        "AssistantEnd cannot be converted to HumanEnd"),
                new Pair(
                        "a person is not given to converse",
                        "call expression",
                        "caller.talk(humanEnd, withdrawn)",
                        "caller.converse(humanEnd, grant, reminder)",
                        "HumanEnd cannot be converted to AssistantEnd"),
                new Pair(
                        "the gate is not opened to an assistant as to a person",
                        "line expression",
                        "gate.openToHuman(leg, humanEnd)",
                        "gate.openToHuman(leg, assistantEnd)",
                        "AssistantEnd cannot be converted to HumanEnd"),
                new Pair(
                        "the gate takes no person for an assistant",
                        "line expression",
                        "gate.open(leg, assistantEnd, grant, facts)",
                        "gate.open(leg, humanEnd, grant, facts)",
                        "HumanEnd cannot be converted to AssistantEnd"),
                new Pair(
                        "no cast makes an assistant a person",
                        "call expression",
                        "(FarEnd) assistantEnd",
                        "(HumanEnd) assistantEnd",
                        "AssistantEnd cannot be converted to HumanEnd"),
                new Pair(
                        "whoever dials an assistant does not wait for a person",
                        "call declaration",
                        "class Waits { Dialling<AssistantEnd> of(Assistant a, DurableGrant g,"
                                + " CallFacts f) { return a.dial(g, f, \"de\"); } }",
                        "class Waits { Dialling<HumanEnd> of(Assistant a, DurableGrant g,"
                                + " CallFacts f) { return a.dial(g, f, \"de\"); } }",
                        "Dialling<AssistantEnd> cannot be converted to Dialling<HumanEnd>"),
                new Pair(
                        "nothing is both",
                        "target declaration",
                        "abstract class Both extends AssistantEnd implements FarLeg {}",
                        "abstract class Both extends AssistantEnd implements HumanEnd {}",
                        "interface expected here"),
                new Pair(
                        "there is no third kind of far end beside the two",
                        "call declaration",
                        "abstract class Third extends HumanEnd {}",
                        "abstract class Third implements FarEnd {}",
                        "class is not allowed to extend sealed class: FarEnd"),
                new Pair(
                        "nor one of a connector's own",
                        "target declaration",
                        "abstract class Third extends AssistantEnd implements FarLeg {}",
                        "abstract class Third implements FarEnd, FarLeg {}",
                        "class is not allowed to extend sealed class: FarEnd"));
    }

    private static Stream<Pair> byProof() {
        return Stream.of(
                new Pair(
                        "no conversation without a grant",
                        "call expression",
                        "caller.converse(assistantEnd, grant, reminder)",
                        "caller.converse(assistantEnd)",
                        "method converse in interface Caller cannot be applied to given types"),
                new Pair(
                        "a grant that is not on disk is none",
                        "call expression",
                        "caller.converse(assistantEnd, grant, reminder)",
                        "caller.converse(assistantEnd, given, reminder)",
                        "Grant cannot be converted to DurableGrant"),
                new Pair(
                        "the gate does not open without a grant",
                        "line expression",
                        "gate.open(leg, assistantEnd, grant, facts)",
                        "gate.open(leg, assistantEnd, facts)",
                        "method open in class Gate cannot be applied to given types"),
                new Pair(
                        "an assistant is not even dialled without a grant",
                        "call expression",
                        "assistant.dial(grant, facts, \"de\")",
                        "assistant.dial(facts, \"de\")",
                        "method dial in interface Assistant cannot be applied to given types"),
                new Pair(
                        "the story makes no grant",
                        "call expression",
                        "grant.call()",
                        "new DurableGrant(UUID.randomUUID(), grant.level(), null,"
                                + " UUID.randomUUID(), grant.notice(), grant.position())",
                        "is not public in DurableGrant; cannot be accessed from outside package"),
                new Pair(
                        "the line makes no grant",
                        "line expression",
                        "grant.call()",
                        "new DurableGrant(grant.record(), grant.level(), null, grant.call(),"
                                + " grant.notice(), grant.position())",
                        "is not public in DurableGrant; cannot be accessed from outside package"),
                new Pair(
                        "a grant has no other shape",
                        "line declaration",
                        "abstract class Forged extends HumanEnd {}",
                        "abstract class Forged extends DurableGrant {}",
                        "cannot inherit from final DurableGrant"),
                new Pair(
                        "media's own bridge is nobody else's",
                        "line expression",
                        "leg.local()",
                        "new org.consentgateway.media.net.RelayBridge(null, null)",
                        "RelayBridge is not public in org.consentgateway.media.net; cannot be"
                                + " accessed"));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theForbiddenLineDoesNotCompile(Pair pair) throws Exception {
        List<Diagnostic<? extends JavaFileObject>> errors = compile(pair.source(pair.forbidden()));

        assertThat(errors).isNotEmpty();
        assertThat(said(errors.getFirst())).contains(pair.error());
    }

    /** As javac prints it: by simple names. */
    private static String said(Diagnostic<?> error) {
        return error.getMessage(Locale.ROOT).replaceAll("\\b[a-z]+(\\.[a-z]+)*\\.(?=[A-Z])", "");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theAllowedLineBesideItDoes(Pair pair) throws Exception {
        assertThat(compile(pair.source(pair.allowed()))).isEmpty();
    }

    /**
     * Lines that the compiler takes, since media and SIP know nothing of consent: walls forbid
     * them.
     *
     * @param place as in {@link Pair}
     */
    record Walled(
            String name, String place, String allowed, String forbidden, WallsTest.Door door) {
        Pair pair() {
            return new Pair(name, place, allowed, forbidden, "");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Walled> walled() {
        return Stream.concat(pastTheGate(), pastTheProof());
    }

    private static Stream<Walled> pastTheGate() {
        return Stream.of(
                new Walled(
                        "two legs are joined past the gate",
                        "line expression",
                        "media.open(leg)",
                        "media.bridge(leg, far)",
                        WallsTest.JOIN),
                new Walled(
                        "two legs are joined past the gate by the other way to do so",
                        "line expression",
                        "media.open(leg)",
                        "media.bridgeTappingSecond(leg, far)",
                        WallsTest.JOIN),
                new Walled(
                        "two legs are joined by a reference to that method",
                        "target declaration",
                        "class Joins { java.util.function.Function<MediaLeg, Object> by(MediaLeg l)"
                                + " { return l::equals; } }",
                        "class Joins { java.util.function.BinaryOperator<Object> by(MediaEngine m)"
                                + " { java.util.function.BiFunction<MediaLeg, MediaLeg, Object> f ="
                                + " m::bridge; return null; } }",
                        WallsTest.JOIN),
                new Walled(
                        "what the caller says is copied, frame by frame",
                        "line declaration",
                        "class Copies implements MediaListener {}",
                        "class Copies implements MediaListener {"
                                + " Copies(MediaLeg of) { of.listen(this); } }",
                        WallsTest.LISTEN),
                new Walled(
                        "what was heard is played to somebody else",
                        "line expression",
                        "leg.stats()",
                        "far.play(java.util.List.of(), false)",
                        WallsTest.PLAY),
                new Walled(
                        "the caller's audio is asked to go straight to the far end",
                        "target declaration",
                        "class Answers { void of(IncomingCall call) { call.ring(); } }",
                        "class Answers { void of(IncomingCall call, MediaLeg far) {"
                                + " call.answer(far.local(), null); } }",
                        WallsTest.ANSWER),
                new Walled(
                        "the caller is sent to the far end",
                        "line declaration",
                        "class Sends { void on(IncomingCall call) { call.ring(); } }",
                        "class Sends { void on(IncomingCall call) {"
                                + " call.refer(\"sip:assistant@192.0.2.1\", _ -> {}); } }",
                        WallsTest.REFER),
                new Walled(
                        "the caller's own leg is given the far end as its peer",
                        "line declaration",
                        "class Turns { void of(MediaLeg l) { l.mute(); } }",
                        "class Turns { void of(MediaLeg l, MediaFormat f, MediaPeer p) {"
                                + " l.connect(f, p); } }",
                        WallsTest.CONNECT));
    }

    private static Stream<Walled> pastTheProof() {
        return Stream.of(
                new Walled(
                        "an assistant is dialled by whoever knows SIP",
                        "line declaration",
                        "class Dials { Object of(SipEndpoint sip) { return sip.targets(); } }",
                        "class Dials { Object of(SipEndpoint sip, OutgoingCall.Dial d) {"
                                + " return sip.dial(d, null); } }",
                        WallsTest.DIAL),
                new Walled(
                        "somebody else in the journal's package makes a proof",
                        "consent.journal expression",
                        "grant.call()",
                        "new DurableGrant(grant.record(), grant.level(), null, grant.call(),"
                                + " grant.notice(), grant.position())",
                        WallsTest.PROVE),
                new Walled(
                        "an assistant's leg in a person's clothes",
                        "target declaration",
                        "abstract class Disguised extends AssistantEnd implements FarLeg {}",
                        "abstract class Disguised extends HumanEnd implements FarLeg {}",
                        WallsTest.PERSON),
                new Walled(
                        "proof is made by reflection",
                        "line declaration",
                        "class Reflects { Object by() throws Exception {"
                                + " return DurableGrant.class.getDeclaredConstructors()[0]; } }",
                        "class Reflects { void by() throws Exception {"
                                + " DurableGrant.class.getDeclaredConstructors()[0]"
                                + ".setAccessible(true); } }",
                        WallsTest.OPEN));
    }

    @ParameterizedTest
    @MethodSource("walled")
    void aLineThatTheCompilerTakesIsAgainstTheWalls(Walled line) throws Exception {
        assertThat(compile(line.pair().source(line.forbidden()))).isEmpty();
        assertThat(line.door().rule().evaluate(compiled()).hasViolation()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("walled")
    void theLineBesideItIsNot(Walled line) throws Exception {
        assertThat(compile(line.pair().source(line.allowed()))).isEmpty();
        assertThat(line.door().rule().allowEmptyShould(true).evaluate(compiled()).hasViolation())
                .isFalse();
    }

    private JavaClasses compiled() {
        return new ClassFileImporter().importPath(classes);
    }

    private List<Diagnostic<? extends JavaFileObject>> compile(String source)
            throws IOException, URISyntaxException {
        var found = new DiagnosticCollector<JavaFileObject>();
        try (var files = JAVAC.getStandardFileManager(found, Locale.ROOT, null)) {
            var options = List.of("-proc:none", "-cp", classPath(), "-d", classes.toString());
            var unit = List.of(new InMemory(source));
            var _ = JAVAC.getTask(new StringWriter(), files, found, options, null, unit).call();
        }
        return found.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .toList();
    }

    /** Where each module of the product was built. */
    private static String classPath() throws URISyntaxException {
        var parts =
                List.of(
                        Caller.class,
                        TelephoneCaller.class,
                        MediaEngine.class,
                        SipEndpoint.class,
                        Recogniser.class,
                        NullMarked.class);
        var places = new ArrayList<String>();
        for (Class<?> part : parts) {
            places.add(
                    Path.of(part.getProtectionDomain().getCodeSource().getLocation().toURI())
                            .toString());
        }
        return String.join(File.pathSeparator, places);
    }

    private static final class InMemory extends SimpleJavaFileObject {
        private final String source;

        InMemory(String source) {
            super(URI.create("string:///Fixture.java"), Kind.SOURCE);
            this.source = source;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }
}
