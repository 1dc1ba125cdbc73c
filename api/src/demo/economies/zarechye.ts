import { says, type Economy } from './economy.ts';

export const zarechyeEconomy: Economy = {
  slug: 'zarechye',
  founders: [
    { when: '1 15:00', member: 'marina', reason: 'Её знает весь двор: полдвора у неё училось.' },
    { when: '1 15:05', member: 'sergey', reason: 'Чинил здесь каждый второй кран, и ни один не потёк.' },
  ],
  trades: [
    {
      ...{ listing: 'demo-13', buyer: 'marina', provider: 'pavel', quantity: 3 },
      payment: { terms: 'FIXED', price: '900' },
      note: 'Три старые яблони на даче. Пила у меня есть, смелости нет.',
      ...{ proposed: '4 15:00', agreed: '4 17:30', delivered: '9 14:00' },
      completed: {
        when: '9 16:20',
        review: says('Яблони стали как на картинке. И объяснил, что резать в следующем году.'),
      },
      answered: { when: '10 06:00', review: says('Встретила на станции, накормила, ветки сама сложила.') },
    },
    {
      ...{ listing: 'demo-1', buyer: 'sergey', provider: 'olga', quantity: 4 },
      payment: { terms: 'FIXED', price: '1400' },
      note: 'Дочке двенадцать, гостей человек двадцать. Два с капустой, два с яблоками.',
      ...{ proposed: '12 10:00', agreed: '12 11:10', delivered: '16 08:00' },
      completed: {
        when: '16 18:00',
        review: says('От четырёх пирогов к вечеру остался запах. Гости спрашивали адрес.'),
      },
      answered: { when: '17 07:00', review: says('Забрал вовремя, формы вернул чистыми.') },
    },
    {
      ...{ listing: 'demo-3', buyer: 'olga', provider: 'sergey', by: 'provider' },
      payment: { terms: 'COST_PLUS', price: '400', globalPrice: '650', globalCurrency: 'RUB' },
      note: 'Похоже на прокладку, но кран тоже старый. Если новый, покупка за ваш счёт.',
      ...{ proposed: '19 13:00', agreed: '19 14:00', delivered: '21 15:30' },
      completed: { when: '21 16:10', review: says('Тихо на кухне впервые с лета. Пришёл в бахилах!') },
      answered: { when: '22 06:30', review: says('С таким чаем можно и второй кран сломать.') },
    },
    {
      ...{ listing: 'demo-20', buyer: 'lena', provider: 'timur', by: 'provider' },
      payment: { terms: 'AFTER', price: '350', priceTo: '700' },
      note: 'Посмотрю вечером. Скорее всего, пыль и пять антивирусов.',
      ...{ proposed: '26 16:00', agreed: '26 16:40', delivered: '28 17:00' },
      completed: {
        ...{ when: '28 18:30', amount: '500' },
        review: says('Загружается быстрее, чем я ставлю чайник. Антивирусов было шесть.', [5, 5, 4]),
      },
      answered: { when: '29 07:00', review: says('Варя показала мне все свои рисунки. Оплата сразу.') },
    },
    {
      ...{ listing: 'demo-29', buyer: 'nina', provider: 'anton' },
      payment: { terms: 'FIXED', price: '300' },
      note: 'К десяти в поликлинику на том берегу, обратно как отпустят.',
      ...{ proposed: '33 09:00', agreed: '33 10:00', delivered: '35 10:30' },
      completed: { when: '35 12:00', review: says('Подождал час и не вздохнул. До двери проводил.') },
      answered: { when: '35 17:00', review: says('Всю дорогу читала мне Тукая наизусть. Мост стоял, а мы нет.') },
    },
    {
      ...{ listing: 'demo-30', buyer: 'rita', provider: 'anton' },
      payment: { terms: 'SPLIT', price: '500', globalPrice: '300', globalCurrency: 'RUB' },
      note: 'Шкаф и диван через мост. Бензин рублями, остальное зёрнами.',
      ...{ proposed: '40 12:00', agreed: '40 13:30', delivered: '44 11:00' },
      completed: {
        when: '44 15:00',
        review: says('Шкаф доехал целым, а он старше меня. Опоздали на полчаса из-за моста.', [5, 5, 4]),
      },
      answered: { when: '45 06:00', review: says('Всё было упаковано и подписано. Так бы все переезжали.') },
    },
    {
      ...{ listing: 'demo-6', buyer: 'nina', provider: 'sergey', quantity: 2 },
      payment: { terms: 'FIXED', price: '800' },
      note: 'Полка для книг, два метра, под «Историю» в двенадцати томах.',
      ...{ proposed: '54 09:00', agreed: '54 12:00', delivered: '63 15:00' },
      dispute: {
        ...{ when: '64 08:10', by: 'nina' },
        reason: 'Полка провисла за ночь на два пальца. Книги стоят на полу.',
        evidence: [
          {
            when: '64 08:20',
            by: 'nina',
            text: 'Договаривались под тяжёлые книги, про двенадцать томов я писала сразу.',
          },
          {
            ...{ when: '64 16:45', by: 'sergey' },
            text: 'Стена оказалась пустотелая, предлагал третий кронштейн в середину. Готов поставить в субботу.',
          },
        ],
      },
    },
    {
      ...{ listing: 'demo-2', buyer: 'gleb', provider: 'olga' },
      payment: { terms: 'FIXED', price: '500' },
      note: 'Хочу хлеб, который режется. Муку принесу.',
      ...{ proposed: '63 14:00', agreed: '63 15:10', delivered: '68 12:00' },
    },
    {
      ...{ listing: 'demo-17', buyer: 'pavel', provider: 'lena', quantity: 2 },
      payment: { terms: 'FIXED', price: '600' },
      note: 'Я и двое мальчишек. Младший боится машинки, старший делает вид, что нет.',
      ...{ proposed: '66 10:00', agreed: '67 09:15' },
    },
    {
      ...{ listing: 'demo-33', buyer: 'anton', provider: 'rita' },
      payment: { terms: 'FIXED', price: '300' },
      note: 'Шторы и две пары брюк. Шторы не горят, брюки горят.',
      proposed: '69 07:30',
    },
  ],
  payments: [
    { when: '24 12:00', from: 'olga', to: 'timur', amount: '200', memo: 'За видеозвонок: видела всех троих сразу' },
    { when: '38 15:00', from: 'timur', to: 'nina', amount: '200', memo: 'Урок татарского, с чаком-чаком' },
    { when: '50 16:30', from: 'pavel', to: 'gleb', amount: '450', memo: 'Розетка в мастерской' },
    { when: '61 13:20', from: 'marina', to: 'lena', amount: '600', memo: 'Массаж, плечи снова мои' },
  ],
};
