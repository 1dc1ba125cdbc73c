import { z } from 'zod';
import { builder } from '../builder.ts';
import { policyRules, type Policies, type PolicyName } from './policies.ts';

/** The GraphQL type of a rule, by what its schema takes. */
function typeOf(name: PolicyName, rule: z.ZodType) {
  if (rule instanceof z.ZodBoolean) return 'Boolean' as const;
  if (rule instanceof z.ZodNumber) return 'Int' as const;
  if (rule instanceof z.ZodString) return 'String' as const;
  if (!(rule instanceof z.ZodEnum)) throw new Error(`The policy ${name} is of a kind the API does not show yet.`);
  const values = rule.options.map(String);
  return builder.enumType(`${name[0]!.toUpperCase()}${name.slice(1)}`, { description: `The policy ${name}.`, values });
}

const shown = policyRules.map(([name, rule]) => {
  const taken: z.ZodType = rule.unwrap();
  return { name, taken, type: typeOf(name, taken), description: rule.description ?? '' };
});

export const PoliciesType = builder.objectRef<Policies>('Policies').implement({
  description: 'The rules the community sets for itself, as they hold now.',
  fields: (t) =>
    Object.fromEntries(
      shown.map(({ name, type, description }) => [
        name,
        t.field({ type: type as 'String', description, resolve: (policies) => policies[name] as string }),
      ]),
    ),
});

export const PoliciesInput = builder.inputRef<{ [P in PolicyName]?: Policies[P] | null }>('PoliciesInput').implement({
  description: 'Rules to change. What is left out stays as it is; null goes back to the default.',
  fields: (t) =>
    Object.fromEntries(
      shown.map(({ name, taken, type, description }) => [
        name,
        t.field({ type: type as 'String', required: false, description, validate: taken.nullish() }),
      ]),
    ) as never,
});

/** The enum of a rule, where another type shows it too. */
export const policyEnum = (name: PolicyName) => shown.find((rule) => rule.name === name)!.type as 'String';
