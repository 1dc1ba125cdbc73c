import { says, type Economy } from './economy.ts';

export const alderValleyEconomy: Economy = {
  slug: 'alder-valley',
  founders: [
    { when: '1 18:00', member: 'joyce', reason: 'Her kitchen is where the time bank was thought of.' },
    { when: '1 18:05', member: 'emrys', reason: 'Has warmed every house in the valley at least once.' },
  ],
  trades: [
    {
      ...{ listing: 'demo-1', buyer: 'joyce', provider: 'ruth', quantity: 3 },
      payment: { terms: 'FIXED', price: '3' },
      note: 'Two beds at the height of my hips, by the back door.',
      ...{ proposed: '5 09:00', agreed: '5 20:10', delivered: '11 15:30' },
      completed: { when: '11 17:00', review: says('I have pulled my first radish standing up.') },
      answered: { when: '12 08:10', review: says('Soup at one, boards already sawn. An easy morning.') },
    },
    {
      ...{ listing: 'demo-22', buyer: 'emrys', provider: 'joyce' },
      payment: { terms: 'FIXED', price: '1' },
      note: 'Three collars. They have turned the other cheek already, so it may be their last time.',
      ...{ proposed: '13 10:00', agreed: '13 18:00', delivered: '19 12:00' },
      completed: {
        when: '19 19:20',
        review: says('Cannot find the seam, and I have looked for it with my glasses on.'),
      },
      answered: { when: '20 09:00', review: says('Shirts came washed and ironed, which I call manners.') },
    },
    {
      ...{ listing: 'demo-9', buyer: 'dafydd', provider: 'mina' },
      payment: { terms: 'AFTER', price: '1', priceTo: '2' },
      note: 'My daughter is in Auckland and I only ever see her ceiling.',
      ...{ proposed: '22 19:00', agreed: '22 20:00', delivered: '26 18:30' },
      completed: {
        ...{ when: '26 20:00', amount: '1.25' },
        review: says('Saw my granddaughter lose a tooth as it happened. No sighing was heard.'),
      },
      answered: {
        when: '27 07:30',
        review: says('Wrote every step on the back of a feed sack. It will outlive the tablet.'),
      },
    },
    {
      ...{ listing: 'demo-13', buyer: 'mina', provider: 'callum', quantity: 5 },
      payment: { terms: 'COST_PLUS', price: '5', globalPrice: '38', globalCurrency: 'GBP' },
      note: 'One long wall and the ceiling. Paint from the shop in town, I pay the bill.',
      ...{ proposed: '30 12:00', agreed: '30 18:45', delivered: '37 16:00' },
      completed: { when: '37 18:00', review: says('Edges you could rule a ledger by. He hummed reels all afternoon.') },
      answered: { when: '38 09:10', review: says('Had moved everything out and covered the rest. Good kettle.') },
    },
    {
      ...{ listing: 'demo-5', buyer: 'ruth', provider: 'dafydd' },
      payment: { terms: 'FIXED', price: '1' },
      note: 'Six crates of leeks and me.',
      ...{ proposed: '40 18:00', agreed: '40 19:00', delivered: '43 05:40' },
      completed: {
        when: '43 20:00',
        review: says('At the chapel at six to the minute, dog in the front, leeks in the back.', [5, 4, 5]),
      },
      answered: { when: '44 07:00', review: says('Paid in hours and a leek.') },
    },
    {
      ...{ listing: 'demo-30', buyer: 'bram', provider: 'saffi', quantity: 2 },
      payment: { terms: 'SPLIT', price: '6', globalPrice: '12', globalCurrency: 'GBP' },
      note: 'Two harvest baskets to begin with. I pay the willow in pounds.',
      ...{ proposed: '45 11:00', agreed: '45 20:30', delivered: '58 14:00' },
      completed: {
        when: '58 17:00',
        review: says('Carried eighty pounds of apples and did not creak. I did.', [5, 5, 4]),
      },
      answered: { when: '59 10:00', review: says('Knew what he wanted and waited until the willow was ready.') },
    },
    {
      ...{ listing: 'demo-22', buyer: 'asha', provider: 'joyce', quantity: 2 },
      payment: { terms: 'FIXED', price: '2' },
      note: 'Two bee suits. The bees have found every hole, so you will too.',
      ...{ proposed: '62 10:00', agreed: '62 12:00', delivered: '68 16:30' },
    },
    {
      ...{ listing: 'demo-6', buyer: 'wren', provider: 'dafydd', quantity: 4 },
      payment: { terms: 'FIXED', price: '4' },
      note: 'The gap by the gate, where your own sheep come in.',
      ...{ proposed: '64 17:00', agreed: '66 07:20' },
    },
    {
      ...{ listing: 'demo-26', buyer: 'callum', provider: 'emrys' },
      payment: { terms: 'FIXED', price: '1.50' },
      note: 'It knocks at two in the morning, in three-four time.',
      proposed: '69 09:30',
    },
  ],
  payments: [
    { when: '28 18:00', from: 'asha', to: 'wren', amount: '1', memo: 'Yoga, Tuesday' },
    { when: '35 18:00', from: 'joyce', to: 'wren', amount: '1', memo: 'Yoga, my first' },
    { when: '47 20:15', from: 'saffi', to: 'asha', amount: '0.75', memo: 'Essay on hedgerows, the red pen was kind' },
    { when: '60 13:00', from: 'bram', to: 'emrys', amount: '2', memo: 'Clinic and back' },
  ],
};
