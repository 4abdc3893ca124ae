package org.consentgateway.testkit.timing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A test in real time. Where it fails while the machine kept threads of this JVM waiting, it says
 * nothing about the product: it is measured again, on a fresh instance, as soon as the machine is
 * quiet. A failure on a quiet machine is one at once, and so is the last of {@link
 * Measurements#MOST}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(Measurements.class)
@Execution(ExecutionMode.SAME_THREAD)
public @interface RealTimeTest {}
