/** Every meter name and tag in one enum, and the plain verbs that feed them. */
@NullMarked
package org.consentgateway.metrics;

import org.jspecify.annotations.NullMarked;
