import { says, type Economy } from './economy.ts';

export const harbourLaneEconomy: Economy = {
  slug: 'harbour-lane',
  founders: [
    { when: '1 17:00', member: 'greta', reason: 'Has taught half the lane, and half the lane would vouch for her.' },
    { when: '1 17:05', member: 'viktor', reason: 'The boat shed was where we met before there was a community.' },
  ],
  trades: [
    {
      ...{ listing: 'demo-5', buyer: 'greta', provider: 'tomas', quantity: 4 },
      payment: { terms: 'FIXED', price: '24' },
      note: 'One loaf each Friday for four weeks, please. The dark one if you have it.',
      ...{ proposed: '4 18:10', agreed: '4 19:40', delivered: '8 06:30' },
      completed: {
        when: '8 16:05',
        review: says('Crust like a good argument, crumb like a truce. Still warm at seven.'),
      },
      answered: { when: '9 05:10', review: says('Brings the empty bag back folded. I wish everybody did.') },
    },
    {
      ...{ listing: 'demo-36', buyer: 'viktor', provider: 'hana', by: 'provider' },
      payment: { terms: 'AFTER', price: '12', priceTo: '24' },
      note: 'I can have a look on Thursday. Bring the charger, even if you think it is dead.',
      ...{ proposed: '9 20:15', agreed: '10 07:50', delivered: '12 19:00' },
      completed: {
        ...{ when: '12 20:30', amount: '18' },
        review: says('Every picture of the old ship is back, and she explained it twice without a sigh.'),
      },
      answered: {
        when: '13 08:20',
        review: says('Sand in the keyboard, coffee in the fan, cake for me. Fair.', [4, 5, 5]),
      },
    },
    {
      ...{ listing: 'demo-1', buyer: 'tomas', provider: 'nora', quantity: 2 },
      payment: { terms: 'SPLIT', price: '36', globalPrice: '25', globalCurrency: 'EUR' },
      note: 'Two shelves for the bakery corner. You choose the wood, I pay for it in euros.',
      ...{ proposed: '14 13:00', agreed: '14 17:20', delivered: '18 15:45' },
      completed: {
        when: '18 18:30',
        review: says('Level, sanded, and she swept up afterwards. They hold forty loaves.'),
      },
      answered: {
        when: '19 07:05',
        review: says('Measured right the first time. There was bread. I would come again for the bread.'),
      },
    },
    {
      ...{ listing: 'demo-21', buyer: 'greta', provider: 'piet', quantity: 2 },
      payment: { terms: 'COST_PLUS', price: '32', globalPrice: '20', globalCurrency: 'EUR' },
      note: 'The hedge has eaten the gate. You will need a skip bag; I pay what it costs, up to twenty.',
      ...{ proposed: '20 09:30', agreed: '20 12:00', delivered: '24 14:20' },
      completed: {
        when: '24 17:00',
        review: says('We have a gate again. The apple tree looks shorn, but he says to wait for May.', [4, 5, 4]),
      },
      answered: {
        when: '25 08:00',
        review: says('Clear instructions, a working ladder, and tea every hour on the hour.'),
      },
    },
    {
      ...{ listing: 'demo-26', buyer: 'piet', provider: 'lucia' },
      payment: { terms: 'FIXED', price: '12' },
      note: 'Any evening. It should survive the wind.',
      ...{ proposed: '25 18:00', agreed: '25 18:30', delivered: '27 19:10' },
      completed: { when: '27 20:00', review: says('Survived force six on the mole. The twins held the mirror.') },
      answered: {
        when: '28 09:00',
        review: says('Sits still, tells stories about geese, cycles the hair to the compost himself.'),
      },
    },
    {
      ...{ listing: 'demo-5', buyer: 'nora', provider: 'tomas', quantity: 4 },
      payment: { terms: 'AFTER', price: '20', priceTo: '28' },
      note: 'A loaf a week until the end of the month. I say afterwards what it was worth.',
      ...{ proposed: '29 12:00', agreed: '29 15:30', delivered: '36 06:40' },
      completed: {
        ...{ when: '36 12:10', amount: '24' },
        review: says('Three perfect loaves and one that leaned. The leaning one tasted best.', [5, 5, 4]),
      },
      answered: {
        when: '37 05:00',
        review: says('Pays on the day and says what she liked. That is how a baker learns.'),
      },
    },
    {
      ...{ listing: 'demo-29', buyer: 'lucia', provider: 'hana', quantity: 3 },
      payment: { terms: 'FIXED', price: '27' },
      note: 'Saturday, seven to ten. They will tell you that they may stay up. They may not.',
      ...{ proposed: '37 10:00', agreed: '37 11:15', delivered: '40 20:30' },
      completed: { when: '41 08:00', review: says('Both asleep when I came home, and a paper dragon on the door.') },
      answered: {
        when: '41 13:30',
        review: says('Left supper and a map of the flat. The twins know all the verses of everything.'),
      },
    },
    {
      ...{ listing: 'demo-6', buyer: 'viktor', provider: 'tomas' },
      payment: { terms: 'FIXED', price: '25' },
      note: 'I want to know why mine comes out like ballast.',
      ...{ proposed: '44 18:00', agreed: '44 19:00', delivered: '48 13:00' },
      completed: { when: '48 17:40', review: says('It was the oven, and me. He was kind about both.') },
      answered: {
        when: '49 05:20',
        review: says('Kneads like he is tightening bolts. Will be good at this.', [4, 5, 5]),
      },
    },
    {
      ...{ listing: 'demo-33', buyer: 'hana', provider: 'viktor' },
      payment: { terms: 'FIXED', price: '10' },
      note: 'The front wheel touches the brake once each turn. I have met a kerb.',
      ...{ proposed: '50 16:00', agreed: '50 17:10', delivered: '52 18:00' },
      completed: {
        when: '52 18:30',
        review: says('True as a coin, and he oiled what I had not asked for. A day later than said.', [5, 4, 3]),
      },
      answered: { when: '53 09:15', review: says('Came back with biscuits although I was late.') },
    },
    {
      ...{ listing: 'demo-37', buyer: 'osman', provider: 'maeve', quantity: 2 },
      payment: { terms: 'AFTER', price: '26' },
      note: 'Four floors. I hold the ladder, I do not climb it.',
      ...{ proposed: '53 10:00', agreed: '53 12:40', delivered: '56 11:00' },
      completed: {
        ...{ when: '56 13:00', amount: '30' },
        review: says('I can see the ferry and who is on it. Four more for the skylight nobody dared.'),
      },
      answered: { when: '56 19:30', review: says('The th is getting there. The lunch was there already.') },
    },
    {
      ...{ listing: 'demo-28', buyer: 'lucia', provider: 'ines', by: 'provider' },
      payment: { terms: 'FIXED', price: '30' },
      note: 'An hour at your table and twelve pictures, cut for the web.',
      ...{ proposed: '57 11:00', agreed: '57 20:00', delivered: '65 21:00' },
      dispute: {
        ...{ when: '66 09:20', by: 'lucia' },
        reason: 'We said twelve pictures of my work. I have seven, and in three of them my hands are a blur.',
        evidence: [
          {
            ...{ when: '66 09:35', by: 'lucia' },
            text: 'The list we wrote together says twelve. I can use four of the seven. I would pay for those.',
          },
          {
            ...{ when: '66 18:10', by: 'ines' },
            text: 'It was dark by four and the second lamp had gone to the school. I offered to come again in daylight and had no answer.',
          },
        ],
      },
    },
    {
      ...{ listing: 'demo-22', buyer: 'maeve', provider: 'piet' },
      payment: { terms: 'FIXED', price: '8' },
      note: 'One chest of drawers from the rope walk to the lane. The drawers come out.',
      ...{ proposed: '65 09:00', agreed: '65 10:30', delivered: '68 15:00' },
    },
    {
      ...{ listing: 'demo-10', buyer: 'tomas', provider: 'ines', quantity: 1 },
      payment: { terms: 'FIXED', price: '40' },
      note: 'A sign for the Friday bread and fifty leaflets. Blue, and no drawings of wheat.',
      ...{ proposed: '66 13:00', agreed: '67 19:30' },
    },
    {
      ...{ listing: 'demo-6', buyer: 'hana', provider: 'tomas' },
      payment: { terms: 'FIXED', price: '25' },
      note: 'Viktor says you are patient with bricks. Any Sunday is good.',
      proposed: '69 08:45',
    },
    {
      ...{ listing: 'demo-11', buyer: 'ines', provider: 'osman', by: 'provider' },
      payment: { terms: 'FIXED', price: '15' },
      note: 'I heard the van before I saw it. Bring it on Saturday, before the inspection does.',
      proposed: '69 10:15',
    },
  ],
  payments: [
    { when: '21 15:00', from: 'tomas', to: 'osman', amount: '10', memo: 'For the lamp over the oven' },
    { when: '30 17:30', from: 'nora', to: 'maeve', amount: '6.50', memo: 'Rope, and showing me the knot twice' },
    { when: '42 11:20', from: 'hana', to: 'greta', amount: '14', memo: 'Physics, one hour; I passed' },
    { when: '59 08:00', from: 'greta', to: 'tomas', amount: '6', memo: 'The loaf I took when you were asleep' },
    { when: '67 16:45', from: 'maeve', to: 'nora', amount: '9', memo: 'Half an hour on the window sill' },
  ],
  policies: {
    when: '52 18:00',
    policiesAt: (now) => ({
      ...{ demurrage: true, demurragePeriod: 'WEEK', demurrageTime: '20:00', demurrageRatePpm: 30_000 },
      // First five days later, and so again on the day after the demo is made.
      ...{ demurrageAllowance: 0, demurrageGraceDays: 30, demurrageDay: ((now.getUTCDay() + 4) % 7) + 1 },
    }),
    reason: 'Agreed at the autumn supper: shells are for passing on, and the mole needs paint.',
  },
  demurrage: ['57 21:00', '64 21:00'],
  purchases: [
    { when: '66 12:00', from: 'tomas', amount: '4.50', reason: 'Rolls for those who cleaned the fish steps' },
  ],
  karma: [
    { when: '63 16:00', member: 'viktor', points: 15, reason: 'Organised the morning on the fish steps' },
    { when: '63 16:05', member: 'tomas', points: 10, reason: 'Scrubbed the fish steps, and fed those who did' },
    { when: '63 16:10', member: 'hana', points: 10, reason: 'Sorted what the tide had left there' },
  ],
};
