document.getElementById('root')!.textContent = 'Kith';
