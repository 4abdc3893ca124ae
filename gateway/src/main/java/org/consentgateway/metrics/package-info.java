/** Every meter name and tag. */
@NullMarked
package org.consentgateway.metrics;

import org.jspecify.annotations.NullMarked;
