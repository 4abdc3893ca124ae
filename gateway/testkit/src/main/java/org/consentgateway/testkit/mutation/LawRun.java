package org.consentgateway.testkit.mutation;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The child process: runs the laws it is given, as {@code org.consentgateway.SomeTest} or {@code
 * org.consentgateway.SomeTest#method}, and ends with the first that is red.
 */
final class LawRun {
    /** Some law is red; the last line of the output says which. */
    static final int RED = 3;

    /** Property with the only law that is asked, as it was given. */
    static final String ONLY = "law";

    private LawRun() {}

    public static void main(String[] laws) throws ClassNotFoundException {
        PrintStream out = System.out;
        var selectors = new ArrayList<DiscoverySelector>();
        if (laws.length == 1) {
            // A test that asks many laws of many calls ends with the first that breaks this one.
            System.setProperty(ONLY, laws[0]);
        }
        for (String law : laws) {
            selectors.addAll(selectors(law));
        }
        var run = new AtomicInteger();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request().selectors(selectors).build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(
                                    TestIdentifier test, TestExecutionResult result) {
                                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                                    result.getThrowable()
                                            .ifPresent(why -> why.printStackTrace(out));
                                    out.println(name(test));
                                    out.flush();
                                    Runtime.getRuntime().halt(RED);
                                }
                                if (test.isTest()) {
                                    run.incrementAndGet();
                                }
                            }
                        });
        out.println(run.get() + " laws are green");
        out.flush();
        // What a test has left running does not matter any more.
        Runtime.getRuntime().halt(run.get() < laws.length ? 1 : 0);
    }

    /** Looked up by name alone, since a law may have parameters. */
    private static List<DiscoverySelector> selectors(String law) throws ClassNotFoundException {
        int hash = law.indexOf('#');
        if (hash < 0) {
            return List.of(selectClass(law));
        }
        Class<?> type = Class.forName(law.substring(0, hash), false, LawRun.class.getClassLoader());
        return Stream.of(type.getDeclaredMethods())
                .filter(method -> method.getName().equals(law.substring(hash + 1)))
                .map(method -> (DiscoverySelector) selectMethod(type, method))
                .toList();
    }

    private static String name(TestIdentifier test) {
        return test.getSource()
                .map(source ->
                        source instanceof MethodSource method
                                ? method.getJavaClass().getSimpleName()
                                        + "."
                                        + method.getMethodName()
                                : test.getLegacyReportingName())
                .orElse(test.getDisplayName());
    }
}
